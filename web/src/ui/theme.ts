import {
  Badge,
  createTheme,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
} from "@mantine/core";

// Pine for what goes on, honey for what waits, clay for what stops. White text on each chosen
// shade, and each as text on paper, has a contrast of at least 4.5.
const pine: MantineColorsTuple = [
  "#eef6f2",
  "#dcebe4",
  "#b9d8ca",
  "#92c3ae",
  "#6dae93",
  "#4d967a",
  "#3a7f66",
  "#2c6653",
  "#215041",
  "#183c31",
];
const honey: MantineColorsTuple = [
  "#fdf6e7",
  "#f9ebcb",
  "#f2d798",
  "#e9c062",
  "#dfa83a",
  "#c58d22",
  "#a87318",
  "#865a12",
  "#69460e",
  "#4d330a",
];
const clay: MantineColorsTuple = [
  "#fbf0ec",
  "#f6ddd5",
  "#ebb9aa",
  "#de917c",
  "#d07258",
  "#c0583e",
  "#a94730",
  "#8b3926",
  "#6d2d1e",
  "#502116",
];
const stone: MantineColorsTuple = [
  "#fbf8f3",
  "#f4efe7",
  "#e9e1d5",
  "#d8cdbd",
  "#b9ac99",
  "#958877",
  "#746a5d",
  "#5b5248",
  "#423b34",
  "#2c2722",
];

export const theme = createTheme({
  // Grey is warm here: Mantine draws its quiet surfaces with it, and with red what is wrong.
  colors: { pine, honey, clay, stone, gray: stone, red: clay },
  primaryColor: "pine",
  primaryShade: 7,
  black: "#2c2722",
  defaultRadius: "md",
  fontFamily:
    '-apple-system, BlinkMacSystemFont, "Apple SD Gothic Neo", Pretendard, "Noto Sans KR", "Noto Sans CJK KR", "Malgun Gothic", "Segoe UI", Roboto, sans-serif',
  headings: { fontWeight: "700" },
  cursorType: "pointer",
  components: {
    Badge: Badge.extend({ defaultProps: { tt: "none" } }),
    Modal: Modal.extend({ styles: { title: { fontSize: "1.08rem", fontWeight: 700 } } }),
    // What hangs over the page must not make it longer: on closing, the page would move away from
    // under the pointer.
    Popover: Popover.extend({ defaultProps: { floatingStrategy: "fixed" } }),
    // The first item is what opening a menu leads to, not an empty place before it. A menu is as
    // high as the window allows.
    Menu: Menu.extend({
      defaultProps: {
        withInitialFocusPlaceholder: false,
        middlewares: { flip: { fallbackStrategy: "bestFit" }, shift: true, size: { padding: 8 } },
      },
      styles: { dropdown: { overflowY: "auto" } },
    }),
    InputWrapper: Input.Wrapper.extend({ styles: { label: { marginBottom: 4 } } }),
  },
});
