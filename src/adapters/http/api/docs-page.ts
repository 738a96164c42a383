import { createHash } from 'node:crypto'
import { html, raw } from 'hono/html'
import { z } from 'zod'

/** The OpenAPI document as a page: one file, no script, nothing loaded from anywhere. */

const style = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 65%, transparent); --tint: color-mix(in srgb, currentColor 6%, transparent); }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 54rem; margin: 0 auto; padding: 2rem 1.25rem 6rem; }
h1 { font-size: 2rem; margin: 0 0 1rem; } h1 small { font-size: 1rem; font-weight: normal; color: var(--soft); }
h2 { font-size: 1.4rem; margin: 3rem 0 0.5rem; } h3 { font-size: 1.1rem; margin: 2.5rem 0 0.25rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h4 { font-size: 0.85rem; margin: 1rem 0 0.25rem; color: var(--soft); }
code, pre { font: 0.875em/1.5 ui-monospace, monospace; background: var(--tint); border-radius: 4px; }
code { padding: 0.1em 0.3em; } pre { padding: 0.75rem 1rem; overflow-x: auto; } pre code { background: none; padding: 0; }
h3 code { background: none; padding: 0; } .method { font-weight: 700; }
nav ul { list-style: none; padding: 0; } nav li { margin: 0.2rem 0; }
a { color: inherit; text-underline-offset: 0.2em; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 0.925rem; }
td, th { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); } td:first-child { white-space: nowrap; }
`

const styleHash = createHash('sha256').update(style).digest('base64')

/** What the page may load: its own style and nothing else. */
export const docsPolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** As much of a schema as the page shows. */
interface Schema {
  $ref?: string | undefined
  type?: string | string[] | undefined
  format?: string | undefined
  enum?: unknown[] | undefined
  description?: string | undefined
  example?: unknown
  default?: unknown
  maxLength?: number | undefined
  properties?: Record<string, Schema> | undefined
  required?: string[] | undefined
  items?: Schema | undefined
}

const schemaSchema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    format: z.string().optional(),
    enum: z.array(z.unknown()).optional(),
    description: z.string().optional(),
    example: z.unknown().optional(),
    default: z.unknown().optional(),
    maxLength: z.number().optional(),
    properties: z.record(z.string(), schemaSchema).optional(),
    required: z.array(z.string()).optional(),
    items: schemaSchema.optional(),
  }),
)

const contentSchema = z.record(z.string(), z.object({ schema: schemaSchema }))

const operationSchema = z.object({
  tags: z.array(z.string()).default(['Other']),
  summary: z.string().default(''),
  description: z.string().optional(),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        schema: schemaSchema,
      }),
    )
    .default([]),
  security: z.array(z.object({ key: z.array(z.string()) })).default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: contentSchema.optional() }),
  ),
})
type Operation = z.output<typeof operationSchema>

const documentSchema = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({ schemas: z.record(z.string(), schemaSchema) }),
})

/** The page of an OpenAPI document. */
export function docsPage(openapi: unknown) {
  const { info, paths, components } = documentSchema.parse(openapi)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
      anchor: `${method}${path.replaceAll(/[^a-z0-9]+/gi, '-')}`,
    })),
  )
  const tags = [...new Set(operations.flatMap((operation) => operation.tags))]
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title} API</title>
<style>${raw(style)}</style>
</head>
<body>
<h1>${info.title} API <small>${info.version}</small></h1>
${info.description.split('\n\n').map((paragraph) => html`<p>${prose(paragraph)}</p>`)}
<p>For programs: <a href="/api/v1/openapi.json">openapi.json</a></p>
<nav aria-label="Requests"><ul>${operations.map(
    ({ anchor, method, path, summary }) =>
      html`<li><a href="#${anchor}"><code>${method} ${path}</code></a> ${summary}</li>`,
  )}</ul></nav>
${tags.map(
  (tag) =>
    html`<h2>${tag}</h2>${operations
      .filter((operation) => operation.tags.includes(tag))
      .map(section)}`,
)}
<h2>Bodies and answers</h2>
${Object.entries(components.schemas).map(
  ([name, schema]) =>
    html`<h3 id="${anchorOf(name)}">${name}</h3>${fieldsTable(schema)}${example(schema.example)}`,
)}
</body>
</html>`
}

const section = (operation: Operation & { path: string; method: string; anchor: string }) => html`
<h3 id="${operation.anchor}"><code><span class="method">${operation.method}</span> ${operation.path}</code></h3>
<p><strong>${operation.summary}.</strong> ${prose(operation.description ?? '')}</p>
${scopesOf(operation).map((scope) => html`<p>Scope: <code>${scope}</code></p>`)}
${parametersTable(operation)}
${
  operation.requestBody === undefined
    ? ''
    : html`<p>Body: ${contentOf(operation.requestBody.content)}</p>`
}
<h4>Answers</h4>
<div class="scroll"><table>${Object.entries(operation.responses).map(
  ([status, { description, content }]) =>
    html`<tr><td>${status}</td><td>${prose(description)} ${contentOf(content ?? {})}</td></tr>`,
)}</table></div>`

const scopesOf = ({ security }: Operation) => security.flatMap(({ key }) => key)

const parametersTable = ({ parameters }: Operation) =>
  parameters.length === 0
    ? ''
    : html`<h4>Parameters</h4><div class="scroll"><table>${parameters.map(
        ({ name, in: place, required, schema }) =>
          row(name, schema, `${place}${required ? ', required' : ''}`),
      )}</table></div>`

const fieldsTable = (schema: Schema) =>
  html`<div class="scroll"><table>${fieldsOf(schema, '').map(({ name, field, required }) =>
    row(name, field, required ? 'required' : ''),
  )}</table></div>`

const row = (name: string, schema: Schema, remark: string) =>
  html`<tr><td><code>${name}</code></td><td>${typeOf(schema)}</td><td>${remark}</td><td>${prose(
    schema.description ?? '',
  )}${schema.default === undefined ? '' : html` Default: <code>${String(schema.default)}</code>.`}</td></tr>`

/** The fields of a body, those within others by their dotted names. */
function fieldsOf(
  { properties = {}, required = [] }: Schema,
  prefix: string,
): { name: string; field: Schema; required: boolean }[] {
  return Object.entries(properties).flatMap(([key, field]) => {
    const name = `${prefix}${key}`
    const inner = field.items?.properties === undefined ? field : field.items
    const step = inner === field ? '.' : '[].'
    return [{ name, field, required: required.includes(key) }, ...fieldsOf(inner, `${name}${step}`)]
  })
}

function typeOf(schema: Schema): ReturnType<typeof html> | string {
  if (schema.$ref !== undefined) return reference(schema.$ref)
  if (schema.items !== undefined) return html`list of ${typeOf(schema.items)}`
  if (schema.enum !== undefined) {
    const values = schema.enum.filter((value) => value !== null).map(String)
    return `${values.join(', ')}${values.length < schema.enum.length ? ' or null' : ''}`
  }
  const types = [schema.type ?? 'any'].flat().map((type) => (type === 'null' ? 'or null' : type))
  const limit = schema.maxLength === undefined ? '' : `, at most ${schema.maxLength} characters`
  return `${schema.format ?? types[0]} ${types.slice(1).join(' ')}${limit}`
}

const contentOf = (content: z.output<typeof contentSchema>) =>
  Object.values(content).map(({ schema }) => typeOf(schema))

const anchorOf = (name: string): string => `schema-${name}`

function reference(ref: string) {
  const name = ref.split('/').at(-1) ?? ''
  return html`<a href="#${anchorOf(name)}">${name}</a>`
}

const example = (value: unknown) =>
  value === undefined ? '' : html`<pre><code>${JSON.stringify(value, null, 2)}</code></pre>`

/** Text with \`code\` in it. */
const prose = (text: string) =>
  text.split('`').map((part, place) => (place % 2 === 1 ? html`<code>${part}</code>` : part))
