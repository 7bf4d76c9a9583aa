// The fields of one action, each with its unit, as the library's table of actions names them.
import { useId } from "react";
import type { FieldKind, Governance } from "../../lib/chain/governance.ts";
import { classes } from "../../parts/classes.ts";
import { words } from "../../words.ts";
import { type ActionForm, DEFAULT_UNIT, kindOf, unitOf } from "./logic.ts";

type Props = {
  governance: Governance;
  action: ActionForm;
  onChange(action: ActionForm): void;
  /** Of a field, where it is to be shown. */
  complaint(field: string): string | undefined;
  disabled: boolean;
};

export function Fields({ governance, action, onChange, complaint, disabled }: Props) {
  const { library, protocol } = governance;
  const { type, values, flags, units } = action;
  if (type === "") return null;
  const p = words.proposing;
  const tokens = {
    loan: (market: string) => protocol.loanTokens.get(market)?.symbol,
    dollar: protocol.tokens.get(protocol.record.dollar.token.toLowerCase())?.symbol ?? "",
    savings: protocol.tokens.get(protocol.record.shared.savings.toLowerCase())?.symbol ?? "",
  };
  const set = (name: string, value: string) => onChange({ ...action, values: { ...values, [name]: value } });
  const fields: [string, string][] = Object.entries(library.actionShapes[type].fields);
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
      {fields.map(([name, field]) => {
        const { kind, optional } = kindOf(field);
        const common = {
          label: p.fields[name] ?? name,
          optional,
          complaint: complaint(name),
          disabled,
          value: values[name] ?? "",
          onChange: (value: string) => set(name, value),
        };
        if (kind === "flag") {
          return (
            <label key={name} className="flex min-h-10 items-center gap-3 sm:col-span-2">
              <input
                type="checkbox"
                className="size-4"
                checked={flags[name] ?? false}
                disabled={disabled}
                onChange={(event) =>
                  onChange({ ...action, flags: { ...flags, [name]: event.target.checked } })
                }
              />
              {p.fields[name] ?? name}
            </label>
          );
        }
        if (kind === "market") {
          const options = protocol.record.markets.map(({ key, title }) => [key, title] as const);
          return <Choice key={name} {...common} options={options} />;
        }
        if (kind.startsWith("choice:")) {
          const options = kind.slice("choice:".length).split(",");
          return <Choice key={name} {...common} options={options.map((each) => [each, each] as const)} />;
        }
        if (kind === "duration") {
          return (
            <TextField
              key={name}
              {...common}
              numeric
              unit={{
                label: p.unit(common.label),
                value: units[name] ?? DEFAULT_UNIT,
                onChange: (unit) => onChange({ ...action, units: { ...units, [name]: unit } }),
              }}
            />
          );
        }
        return (
          <TextField
            key={name}
            {...common}
            numeric={["amount", "percent", "number"].includes(kind)}
            wide={["account", "bytes", "text", "time"].includes(kind)}
            suffix={
              kind === "percent" ? "%" : kind === "amount" ? unitOf(type, name, values, tokens) : undefined
            }
            hint={hintOf(kind)}
            {...(kind === "account" && { suggestions: protocol.contracts.map(({ path }) => path) })}
          />
        );
      })}
    </div>
  );
}

function hintOf(kind: FieldKind): string | undefined {
  return (words.proposing.hints as Readonly<Record<string, string>>)[kind];
}

type FieldProps = {
  label: string;
  optional: boolean;
  value: string;
  onChange(value: string): void;
  complaint: string | undefined;
  disabled: boolean;
};

function Label({ id, label, optional }: { id: string; label: string; optional: boolean }) {
  return (
    <label htmlFor={id} className="text-small font-medium">
      {label}
      {optional && <span className="font-normal text-muted">{`, ${words.proposing.optional}`}</span>}
    </label>
  );
}

const BOX =
  "flex items-stretch rounded-md border bg-paper focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-water";

type TextFieldProps = FieldProps & {
  numeric?: boolean;
  wide?: boolean;
  suffix?: string | undefined;
  hint?: string | undefined;
  unit?: { label: string; value: string; onChange(unit: string): void };
  suggestions?: readonly string[];
};

function TextField(props: TextFieldProps) {
  const { label, optional, value, onChange, complaint, disabled, numeric, wide, suffix, hint, unit } = props;
  const id = useId();
  return (
    <div className={classes("flex min-w-0 flex-col gap-1.5", wide && "sm:col-span-2")}>
      <Label id={id} label={label} optional={optional} />
      <div className={classes(BOX, complaint === undefined ? "border-line-strong" : "border-risk")}>
        <input
          id={id}
          value={value}
          disabled={disabled}
          inputMode={numeric ? "decimal" : "text"}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange(event.target.value)}
          aria-invalid={complaint !== undefined}
          aria-describedby={`${id}-about`}
          {...(props.suggestions && { list: `${id}-list` })}
          className="min-h-10 w-0 min-w-0 flex-1 bg-transparent px-3 outline-none disabled:text-muted"
        />
        {suffix !== undefined && <span className="self-center px-3 text-muted">{suffix}</span>}
        {unit !== undefined && (
          <select
            aria-label={unit.label}
            value={unit.value}
            disabled={disabled}
            onChange={(event) => unit.onChange(event.target.value)}
            className="border-l border-line bg-paper px-3"
          >
            {words.proposing.units.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        )}
        {props.suggestions && (
          <datalist id={`${id}-list`}>
            {props.suggestions.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        )}
      </div>
      <p id={`${id}-about`} className={classes("text-small", complaint ? "text-risk" : "text-muted")}>
        {complaint ?? hint}
      </p>
    </div>
  );
}

function Choice({
  label,
  optional,
  value,
  onChange,
  complaint,
  disabled,
  options,
}: FieldProps & { options: readonly (readonly [value: string, title: string])[] }) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <Label id={id} label={label} optional={optional} />
      <select
        id={id}
        value={value}
        disabled={disabled}
        onChange={(event) => onChange(event.target.value)}
        aria-invalid={complaint !== undefined}
        aria-describedby={`${id}-about`}
        className={classes(
          "min-h-10 rounded-md border bg-paper px-3",
          complaint === undefined ? "border-line-strong" : "border-risk",
        )}
      >
        <option value="">{words.proposing.choose}</option>
        {options.map(([each, title]) => (
          <option key={each} value={each}>
            {title}
          </option>
        ))}
      </select>
      <p id={`${id}-about`} className="text-small text-risk">
        {complaint}
      </p>
    </div>
  );
}
