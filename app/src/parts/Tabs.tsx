"use client";
// Several views of one thing. The chosen one stands in the address, so that it can be shared and survives a reload.
import { Tabs as Radix } from "radix-ui";
import { type ReactNode, useEffect, useState } from "react";
import { classes } from "./classes.ts";

export type Tab = { key: string; label: string; content: ReactNode };

type Props = {
  label: string;
  tabs: readonly Tab[];
  /** For a narrow column. */
  small?: boolean;
};

export function Tabs({ label, tabs, small = false }: Props) {
  const first = tabs[0]?.key ?? "";
  const [chosen, setChosen] = useState(first);
  useEffect(() => {
    const read = () => {
      const named = location.hash.slice(1);
      if (tabs.some(({ key }) => key === named)) setChosen(named);
    };
    read();
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, [tabs]);
  const choose = (key: string) => {
    setChosen(key);
    history.replaceState(history.state, "", key === first ? location.pathname + location.search : `#${key}`);
  };
  return (
    <Radix.Root
      value={chosen}
      onValueChange={choose}
      className={classes("flex min-w-0 flex-col", small ? "gap-5" : "gap-8")}
    >
      <Radix.List
        aria-label={label}
        className={classes(
          "-mx-1 flex overflow-x-auto border-b border-line",
          small ? "gap-1 sm:gap-2" : "gap-2 sm:gap-4",
        )}
      >
        {tabs.map(({ key, label: text }) => (
          <Radix.Trigger
            key={key}
            value={key}
            className={classes(
              "-mb-px border-b-3 border-transparent px-1 py-2.5 font-medium whitespace-nowrap text-muted hover:text-ink focus-visible:outline-offset-[-2px] data-[state=active]:border-water data-[state=active]:text-ink",
              small && "max-sm:text-small",
            )}
          >
            {text}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map(({ key, content }) => (
        <Radix.Content key={key} value={key}>
          {content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
