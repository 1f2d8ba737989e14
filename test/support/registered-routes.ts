type Layer = { readonly path: string; readonly methods: readonly string[] }
type WithRouter = { readonly router?: { readonly stack: readonly Layer[] } }

/** Every route of the routers of these applications. `HEAD`, which comes with `GET`, is left out. */
export const registeredRoutes = (apps: readonly { readonly middleware: unknown }[]) =>
  apps
    .flatMap(({ middleware }) => middleware as readonly WithRouter[])
    .flatMap(({ router }) => router?.stack ?? [])
    .flatMap(({ path, methods }) =>
      methods.filter((method) => method !== 'HEAD').map((method) => ({ method, path })),
    )
