"use client";
// Every part in all its states, on one page. The values are samples; nothing is read and nothing sent.
import { type ReactNode, useState } from "react";
import type { Hash } from "viem";
import { MAX_UINT, WAD } from "../../lib/format.ts";
import { Address } from "../../parts/Address.tsx";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Banner } from "../../parts/Banner.tsx";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Chart } from "../../parts/Chart.tsx";
import { Choice } from "../../parts/Choice.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { HashInput } from "../../parts/HashInput.tsx";
import { HashLink } from "../../parts/HashLink.tsx";
import { HealthMeter } from "../../parts/HealthMeter.tsx";
import { RateLine } from "../../parts/RateLine.tsx";
import { Select } from "../../parts/Select.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { StressSlider } from "../../parts/StressSlider.tsx";
import { Strips } from "../../parts/Strips.tsx";
import { Table } from "../../parts/Table.tsx";
import { Tabs } from "../../parts/Tabs.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { TextInput } from "../../parts/TextInput.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";

const NOW = 1_793_000_000n;
const AT = { number: 1_234n, timestamp: NOW };
const TOKEN = { symbol: "pUSD", decimals: 18 };
const POINTS = Array.from({ length: 24 }, (_, i) => ({
  time: Number(NOW) - (24 - i) * 86_400,
  value: 104 + Math.sin(i / 3) + i / 20,
}));
const COLOURS = [
  "paper",
  "wash",
  "sunk",
  "line",
  "line-strong",
  "muted",
  "ink",
  "water",
  "water-soft",
  "reed",
  "risk",
  "risk-soft",
];

export function Gallery() {
  const [open, setOpen] = useState(false);
  const [fall, setFall] = useState(15);
  const [text, setText] = useState("1,250.50");
  const [line, setLine] = useState("");
  const [tier, setTier] = useState("2");
  const [hash, setHash] = useState<Hash | undefined>();
  const [way, setWay] = useState<"add" | "remove">("add");
  return (
    <div data-samples className="page flex flex-col gap-14 pt-10 sm:pt-14">
      <div className="flex flex-col gap-3">
        <h1 className="text-hero font-semibold tracking-tight">{words.gallery.title}</h1>
        <p className="max-w-prose text-lead text-muted">{words.gallery.lead}</p>
      </div>
      <Part name="Colours">
        <div className="grid grid-cols-3 gap-3 sm:grid-cols-6">
          {COLOURS.map((name) => (
            <div key={name} className="text-small">
              <div className="mb-1 h-14 border border-line" style={{ background: `var(--${name})` }} />
              {name}
            </div>
          ))}
        </div>
      </Part>
      <Part name="Type">
        <p className="text-hero font-semibold tracking-tight">Hero 5.25%</p>
        <p className="text-figure font-semibold tracking-tight">Figure 1,234,567.89</p>
        <p className="text-title font-semibold">Title</p>
        <p className="text-lead">Lead: a sentence that opens a page.</p>
        <p>Base: what is read. 0123456789</p>
        <p className="text-small text-muted">Small: labels and notes.</p>
      </Part>
      <Part name="Button">
        <div className="flex flex-wrap gap-3">
          <Button>Primary</Button>
          <Button look="secondary">Secondary</Button>
          <Button look="quiet">Quiet</Button>
          <Button look="risk">Risk</Button>
          <Button disabled>Disabled</Button>
          <Button busy>Busy</Button>
          <Button small look="secondary">
            Small
          </Button>
          <ButtonLink href="#">Link</ButtonLink>
        </div>
      </Part>
      <Part name="Figure">
        <div className="grid grid-cols-2 gap-8 md:grid-cols-4">
          <Figure
            size="hero"
            label="Hero"
            value="5.25%"
            unit="a year"
            source={{ at: AT, formula: "A sample." }}
          />
          <Figure label="With a note" value="12,400" unit="pUSD" note="of 20,000" />
          <Figure label="Being read" value={undefined} unit="pUSD" />
          <Figure label="None" value={null} />
          <Figure label="At risk" value="0.97" risk />
          <Figure size="small" label="Small" value="3" unit="blocks" />
        </div>
      </Part>
      <Part name="Amount">
        <div className="grid max-w-3xl gap-6 md:grid-cols-2">
          <AmountInput
            label="With Max"
            text={text}
            onChange={setText}
            token={TOKEN}
            max={1_250_500_000_000_000_000_001n}
          />
          <AmountInput
            label="With an issue"
            text="1e9"
            onChange={() => {}}
            token={TOKEN}
            issue={words.errors.amount.notANumber}
          />
          <AmountInput label="Empty" text="" onChange={() => {}} token={TOKEN} />
          <AmountInput label="Disabled" text="50" onChange={() => {}} token={TOKEN} disabled max={WAD} />
        </div>
      </Part>
      <Part name="Text, choice, file">
        <div className="grid max-w-3xl gap-6 md:grid-cols-2">
          <TextInput label="Text" value={line} onChange={setLine} hint="What it is for." />
          <TextInput
            label="With an issue"
            value="0x12"
            onChange={() => {}}
            mono
            issue={words.issuer.issues.addressWrong}
          />
          <Select
            label="Choice"
            value={tier}
            onChange={setTier}
            options={["1", "2", "3"].map((value) => ({
              value,
              label: words.eligibility.tiers[value as "1" | "2" | "3"],
            }))}
          />
          <HashInput label="File" hash={hash} onChange={setHash} textToo />
          <p>
            <HashLink hash={`0x${"5e".repeat(32)}`} />
          </p>
        </div>
      </Part>
      <Part name="Health">
        <div className="grid max-w-3xl gap-8 md:grid-cols-2">
          <HealthMeter health={(16n * WAD) / 10n} />
          <HealthMeter health={(18n * WAD) / 10n} after={(13n * WAD) / 10n} />
          <HealthMeter health={(104n * WAD) / 100n} />
          <HealthMeter health={(96n * WAD) / 100n} />
          <HealthMeter health={MAX_UINT} />
        </div>
      </Part>
      <Part name="Rate, stress">
        <div className="grid max-w-3xl gap-8 md:grid-cols-2">
          <RateLine
            label="Borrow rate"
            rate={(525n * WAD) / 10_000n}
            least={(24n * WAD) / 1_000n}
            most={(250n * WAD) / 1_000n}
          />
          <StressSlider percent={fall} onChange={setFall} />
        </div>
      </Part>
      <Part name="Strips">
        <Strips
          className="h-24"
          label="32 sample strips"
          strips={Array.from({ length: 32 }, (_, i) => ({
            share: (1 + Math.sin(i * 1.7)) / 2,
            title: words.strips.lane(i),
            risk: i === 20,
          }))}
        />
      </Part>
      <Part name="Chart">
        <Chart
          label="A sample NAV"
          axis="US dollars per pTBILL"
          points={POINTS}
          format={(value) => `$${value.toFixed(2)}`}
          steps
        />
        <Chart label="Without points" axis="" points={[]} format={String} />
      </Part>
      <Part name="Table">
        <Table
          caption="Samples"
          rows={[
            { name: "Treasury bills", rate: "5.00%" },
            { name: "Office building", rate: "9.00%" },
          ]}
          rowKey={({ name }) => name}
          columns={[
            { key: "name", head: "Market", cell: ({ name }) => name },
            { key: "rate", head: "Rate, a year", number: true, cell: ({ rate }) => rate },
          ]}
        />
      </Part>
      <Part name="Tabs">
        <Tabs
          label="Samples"
          tabs={[
            { key: "first", label: "First", content: <p>What stands in the first.</p> },
            { key: "second", label: "Second", content: <p>What stands in the second.</p> },
          ]}
        />
      </Part>
      <Part name="Choice">
        <div className="grid max-w-3xl gap-6 md:grid-cols-2">
          <Choice<"add" | "remove">
            name="sample"
            label="A choice"
            options={[
              { key: "add", label: "Add" },
              { key: "remove", label: "Remove" },
            ]}
            chosen={way}
            onChoose={setWay}
          />
          <Choice
            name="sample-disabled"
            label="A choice that is not open"
            options={[{ key: "add", label: "Disabled" }]}
            chosen="add"
            onChoose={() => {}}
            disabled
          />
        </div>
      </Part>
      <Part name="Tag, address, time">
        <div className="flex flex-wrap items-center gap-4">
          <Tag>Plain</Tag>
          <Tag tone="water">Pending</Tag>
          <Tag tone="reed">Confirmed</Tag>
          <Tag tone="risk">Stale</Tag>
          <Address value="0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266" name="Deployer" />
          <Time at={NOW} now={NOW + 93_600n} />
        </div>
      </Part>
      <Part name="Dialog">
        <div>
          <Button look="secondary" onClick={() => setOpen(true)}>
            Open
          </Button>
        </div>
        <Dialog open={open} onOpenChange={setOpen} title="A dialog" description="It says what it is about.">
          <Button onClick={() => setOpen(false)}>Done</Button>
        </Dialog>
      </Part>
      <Part name="Waiting, empty, failed">
        <Skeleton className="h-8 w-48" />
        <Empty title="Nothing is lent yet" action={<Button small>Begin</Button>}>
          The first loan makes the first row.
        </Empty>
        <ErrorBox detail="HTTP request failed: connection refused" onRetry={() => {}}>
          {words.errors.kinds.unreachable}
        </ErrorBox>
      </Part>
      <Part name="Banner">
        <Banner>{words.banners.indexDown}</Banner>
        <Banner
          tone="risk"
          action={
            <Button small look="secondary">
              {words.banners.switchNetwork}
            </Button>
          }
        >
          {words.banners.wrongNetwork("Chain 1", "Chain 31337")}
        </Banner>
      </Part>
    </div>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-5 border-t border-line pt-5">
      <h2 className="text-title font-semibold">{name}</h2>
      {children}
    </section>
  );
}
