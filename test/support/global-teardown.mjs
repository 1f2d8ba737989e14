// biome-ignore lint/style/noDefaultExport: jest reads nothing else
export default async function stopStoresForAllTests() {
  await globalThis.stopStores()
}
