import { Container, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, Outlet, useLocation } from "react-router";
import { useWords } from "../i18n/useWords";
import { BrandMark } from "./Brand";
import { Icon, type IconName } from "./Icon";
import { LanguageSwitch } from "./LanguageSwitch";

export interface NavItem {
  to: string;
  icon: IconName;
  label: string;
  /** Other pages that belong to it. */
  also?: string[];
}

function isAt(item: NavItem, path: string): boolean {
  const within = (place: string) => path === place || path.startsWith(`${place}/`);
  return within(item.to) || (item.also ?? []).some(within);
}

/** The frame around every page: brand, pages, language, and who is signed in. */
export function Shell({ items, member }: { items: NavItem[]; member: ReactNode }) {
  const words = useWords();
  const { pathname } = useLocation();
  return (
    <>
      <a className="skip-link" href="#main">
        {words.skip}
      </a>
      <header className="topbar">
        <Container className="topbar-row" size={1240}>
          <Link className="brand" to="/">
            <BrandMark />
            <span>{words.brand}</span>
          </Link>
          <nav aria-label={words.nav.label} className="nav">
            {items.map((item) => (
              <Link
                aria-current={isAt(item, pathname) ? "page" : undefined}
                key={item.to}
                to={item.to}
              >
                <Icon name={item.icon} />
                {item.label}
              </Link>
            ))}
          </nav>
          <Group gap="sm" ml="auto" wrap="nowrap">
            <LanguageSwitch />
            {member}
          </Group>
        </Container>
      </header>
      <Container className="page" component="main" id="main" pt="lg" size={1240}>
        <Outlet />
      </Container>
    </>
  );
}
