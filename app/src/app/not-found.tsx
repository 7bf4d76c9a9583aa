import { ButtonLink } from "../parts/Button.tsx";
import { words } from "../words.ts";

export default function NotFound() {
  const { title, advice, home } = words.notFound;
  return (
    <div className="page flex flex-col items-start gap-6 pt-10 sm:pt-14">
      <h1 className="text-hero font-semibold tracking-tight">{title}</h1>
      <p className="max-w-prose text-lead text-muted">{advice}</p>
      <ButtonLink href="/">{home}</ButtonLink>
    </div>
  );
}
