/** The mark: a basket with a heart, for the shop one comes back to. */
export function BrandMark({ size = 30 }: { size?: number }) {
  return <img alt="" height={size} src="/favicon.svg" width={size} />;
}
