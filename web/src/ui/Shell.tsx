import { Container, Group } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, NavLink, Outlet } from "react-router";
import { useWords } from "../i18n/useWords";
import { BrandMark } from "./Brand";
import { Icon, type IconName } from "./Icon";
import { LanguageSwitch } from "./LanguageSwitch";

export interface NavItem {
  to: string;
  icon: IconName;
  label: string;
}

/** The frame around every page: brand, pages, language, and who is signed in. */
export function Shell({ items, member }: { items: NavItem[]; member: ReactNode }) {
  const words = useWords();
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
              <NavLink end={item.to === "/"} key={item.to} to={item.to}>
                <Icon name={item.icon} />
                {item.label}
              </NavLink>
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
