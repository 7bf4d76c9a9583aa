"use client";
// Asks what a fall of the NAV would do; the answer is shown by whoever holds the slider.
import { Slider } from "radix-ui";
import { formatPercent, WAD } from "../lib/format.ts";
import { words } from "../words.ts";

type Props = {
  /** Of the NAV, whole percent. */
  percent: number;
  onChange(percent: number): void;
  /** The largest fall asked about. */
  most?: number;
};

export function StressSlider({ percent, onChange, most = 50 }: Props) {
  const text =
    percent === 0 ? words.stress.none : words.stress.by(formatPercent((BigInt(percent) * WAD) / 100n, 0));
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-baseline justify-between gap-4">
        <span className="text-small text-muted">{words.stress.label}</span>
        <span className="font-semibold">{text}</span>
      </div>
      <Slider.Root
        value={[percent]}
        onValueChange={([value = 0]) => onChange(value)}
        max={most}
        className="relative flex h-6 touch-none items-center select-none"
      >
        <Slider.Track className="relative h-1 flex-1 bg-sunk">
          <Slider.Range className="absolute h-full bg-line-strong" />
        </Slider.Track>
        <Slider.Thumb
          aria-label={words.stress.label}
          aria-valuetext={text}
          className="block h-6 w-3 rounded-sm border-2 border-ink bg-paper"
        />
      </Slider.Root>
    </div>
  );
}
