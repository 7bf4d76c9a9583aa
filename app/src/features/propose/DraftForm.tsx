"use client";
// What is written of a proposal: title, reasons, and actions with their fields.
import { useId, useRef } from "react";
import type { ActionType, Governance } from "../../lib/chain/governance.ts";
import { Button } from "../../parts/Button.tsx";
import { classes } from "../../parts/classes.ts";
import { words } from "../../words.ts";
import { Fields } from "./Fields.tsx";
import { type ActionForm, type Complaint, type Draft, emptyAction, groups } from "./logic.ts";

type Props = {
  governance: Governance;
  draft: Draft;
  onChange(draft: Draft): void;
  complaints: readonly Complaint[];
  /** Whether complaints about fields that were left empty are shown too. */
  all: boolean;
  disabled: boolean;
};

export function DraftForm({ governance, draft, onChange, complaints, all, disabled }: Props) {
  const nextKey = useRef(1);
  const id = useId();
  const p = words.proposing;
  const about = (at: "title" | "description") => {
    const found = complaints.find((each) => each.at === at);
    return found !== undefined && (all || draft[at === "title" ? "title" : "body"] !== "")
      ? inWords(at === "title" ? p.name : p.body, found.text)
      : undefined;
  };
  const change = (i: number, action: ActionForm) =>
    onChange({ ...draft, actions: draft.actions.map((each, j) => (j === i ? action : each)) });
  const box = "rounded-md border bg-paper px-3 font-normal";
  const title = about("title");
  const body = about("description");
  return (
    <div className="flex flex-col gap-8">
      {draft.actions.map((action, i) => (
        <fieldset key={action.key} className="flex min-w-0 flex-col gap-4 border border-line p-5">
          <legend className="px-1 font-semibold">{p.action(i + 1)}</legend>
          <ActionChoice
            governance={governance}
            value={action.type}
            disabled={disabled}
            complaint={all && action.type === "" ? p.chooseAction : undefined}
            onChange={(type) => change(i, { ...emptyAction(action.key), type })}
          />
          <Fields
            governance={governance}
            action={action}
            disabled={disabled}
            onChange={(next) => change(i, next)}
            complaint={(field) => {
              const found = complaints.find(
                ({ at }) => typeof at === "object" && at.action === i && at.field === field,
              );
              const shown = all || (action.values[field] ?? "") !== "";
              return found && shown ? inWords(p.fields[field] ?? field, found.text) : undefined;
            }}
          />
          <General complaints={complaints} action={action} number={i} governance={governance} />
          {draft.actions.length > 1 && (
            <Button
              look="quiet"
              small
              className="self-start"
              disabled={disabled}
              aria-label={p.remove(i + 1)}
              onClick={() => onChange({ ...draft, actions: draft.actions.filter((_, j) => j !== i) })}
            >
              {p.remove(i + 1)}
            </Button>
          )}
        </fieldset>
      ))}
      <Button
        look="secondary"
        className="self-start"
        disabled={disabled}
        onClick={() => onChange({ ...draft, actions: [...draft.actions, emptyAction(nextKey.current++)] })}
      >
        {p.add}
      </Button>
      <div className="flex flex-col gap-1.5">
        <label htmlFor={`${id}-title`} className="text-small font-medium">
          {p.name}
        </label>
        <input
          id={`${id}-title`}
          value={draft.title}
          disabled={disabled}
          onChange={(event) => onChange({ ...draft, title: event.target.value })}
          aria-invalid={title !== undefined}
          aria-describedby={`${id}-title-about`}
          className={classes(box, "min-h-11 text-lead", title ? "border-risk" : "border-line-strong")}
        />
        <p id={`${id}-title-about`} className={classes("text-small", title ? "text-risk" : "text-muted")}>
          {title ?? p.nameHint}
        </p>
      </div>
      <div className="flex flex-col gap-1.5">
        <label htmlFor={`${id}-body`} className="text-small font-medium">
          {p.body}
        </label>
        <textarea
          id={`${id}-body`}
          rows={8}
          value={draft.body}
          disabled={disabled}
          onChange={(event) => onChange({ ...draft, body: event.target.value })}
          aria-invalid={body !== undefined}
          aria-describedby={`${id}-body-about`}
          className={classes(box, "py-2", body ? "border-risk" : "border-line-strong")}
        />
        <p id={`${id}-body-about`} className={classes("text-small", body ? "text-risk" : "text-muted")}>
          {body ?? p.bodyHint}
        </p>
      </div>
    </div>
  );
}

type GeneralProps = {
  governance: Governance;
  complaints: readonly Complaint[];
  action: ActionForm;
  number: number;
};

/** What is wrong with an action and with none of its fields. */
function General({ governance: { library }, complaints, action, number }: GeneralProps) {
  if (action.type === "") return null;
  const fields = library.actionShapes[action.type].fields;
  const found = complaints.find(
    ({ at }) => typeof at === "object" && at.action === number && !Object.hasOwn(fields, at.field),
  );
  return found && <p className="text-small text-risk">{found.text}</p>;
}

type ChoiceProps = {
  governance: Governance;
  value: ActionType | "";
  onChange(type: ActionType | ""): void;
  complaint: string | undefined;
  disabled: boolean;
};

function ActionChoice({ governance: { library }, value, onChange, complaint, disabled }: ChoiceProps) {
  const id = useId();
  const p = words.proposing;
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-small font-medium">
        {p.kind}
      </label>
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value as ActionType | "")}
        aria-invalid={complaint !== undefined}
        aria-describedby={`${id}-about`}
        className={classes(
          "min-h-11 w-full rounded-md border bg-paper px-3",
          complaint === undefined ? "border-line-strong" : "border-risk",
        )}
      >
        <option value="">{p.choose}</option>
        {(Object.keys(groups) as (keyof typeof groups)[]).map((group) => (
          <optgroup key={group} label={p.groups[group]}>
            {groups[group].map((type) => (
              <option key={type} value={type}>
                {library.actionShapes[type].title}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {complaint !== undefined && (
        <p id={`${id}-about`} className="text-small text-risk">
          {complaint}
        </p>
      )}
    </div>
  );
}

/** The library says `is missing`; which field is said here. */
function inWords(label: string, text: string): string {
  return `${/^[a-z]/.test(text) ? `${label} ${text}` : text}.`;
}
