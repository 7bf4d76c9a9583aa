import { ButtonLink } from "../parts/Button.tsx";
import { Empty } from "../parts/Empty.tsx";
import { words } from "../words.ts";

export default function NotFound() {
  const { title, advice, home } = words.notFound;
  return (
    <div className="page py-16">
      <Empty title={title} action={<ButtonLink href="/">{home}</ButtonLink>}>
        {advice}
      </Empty>
    </div>
  );
}
