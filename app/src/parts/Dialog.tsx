"use client";
// A question or a form above the page. Escape and the button close it; the focus stays inside and returns.
import { Dialog as Radix } from "radix-ui";
import type { ReactNode } from "react";
import { words } from "../words.ts";

type Props = {
  open: boolean;
  onOpenChange(open: boolean): void;
  title: string;
  description?: ReactNode;
  /** From the side, as for lists that are looked up while working. */
  side?: boolean;
  children: ReactNode;
};

export function Dialog({ open, onOpenChange, title, description, side = false, children }: Props) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 bg-[#06192a]/55" />
        <Radix.Content
          {...(description === undefined && { "aria-describedby": undefined })}
          className={
            side
              ? "fixed inset-y-0 right-0 z-30 flex w-full max-w-md flex-col overflow-y-auto border-l border-line bg-paper p-6"
              : "fixed inset-x-0 bottom-0 z-30 flex max-h-[92dvh] flex-col overflow-y-auto border border-line bg-paper p-6 sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:w-full sm:max-w-lg sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-md"
          }
        >
          <div className="mb-5 flex items-start justify-between gap-4">
            <div className="min-w-0 [overflow-wrap:anywhere]">
              <Radix.Title className="text-title font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-1 text-muted">{description}</Radix.Description>
              )}
            </div>
            <Radix.Close className="-mt-1 -mr-2 rounded-md px-2 py-1 text-small font-medium text-muted hover:bg-wash hover:text-ink">
              {words.shell.close}
            </Radix.Close>
          </div>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
