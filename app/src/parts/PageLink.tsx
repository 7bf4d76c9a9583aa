// A link to a page of the app. It loads nothing before it is pressed: a page of links would ask the server for all of them.
import Link from "next/link";
import type { ComponentProps } from "react";

export function PageLink(props: ComponentProps<typeof Link>) {
  return <Link prefetch={false} {...props} />;
}
