import { Overview } from "../views/overview/Overview.tsx";

export default function Page() {
  return <Overview />;
}
