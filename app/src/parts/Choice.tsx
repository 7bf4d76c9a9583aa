// One of a few, side by side: what a form is about to do. Radio buttons to the keyboard and the screen reader.
import { classes } from "./classes.ts";

type Props<Key extends string> = {
  name: string;
  /** What is chosen, for who does not see it. */
  label: string;
  options: readonly { key: Key; label: string }[];
  chosen: Key;
  onChoose(key: Key): void;
  disabled?: boolean;
};

export function Choice<Key extends string>({ name, label, options, chosen, onChoose, disabled }: Props<Key>) {
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{label}</legend>
      <div className="flex rounded-md border border-line-strong p-0.5">
        {options.map(({ key, label: text }) => (
          <label
            key={key}
            className={classes(
              "flex min-h-10 flex-1 cursor-pointer items-center justify-center rounded-sm px-3 font-medium has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-water",
              key === chosen ? "bg-water-soft text-ink" : "text-muted hover:text-ink",
            )}
          >
            <input
              type="radio"
              name={name}
              className="sr-only"
              checked={key === chosen}
              disabled={disabled}
              onChange={() => onChoose(key)}
            />
            {text}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
