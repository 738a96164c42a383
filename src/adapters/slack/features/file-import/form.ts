import { z } from 'zod'
import { fileImportWords } from '../../../../content/words/file-import.ts'
import type { Locale } from '../../../../domain/agreement.ts'
import { type Column, leadFields } from '../../../../domain/csv-mapping.ts'
import { attribute } from '../../../../use-cases/dropped-file.ts'
import type { DroppedFile } from '../../../../use-cases/ports/dropped-files.ts'
import type { FormView } from '../feature.ts'
import { choiceField, form } from '../fields.ts'

export const formId = 'file.columns'

export const rememberedSchema = z.object({ id: z.string().max(100) })

export const blockOf = (place: number): string => `column_${place}`

/** A field of its own for each column of a file. */
export function buildColumnsForm(
  { id }: DroppedFile,
  columns: readonly Column[],
  locale: Locale,
): FormView {
  const words = fileImportWords[locale]
  const choices = [
    { value: attribute, label: words.form.keep },
    { value: '-', label: words.leftOut },
    ...leadFields.map((field) => ({ value: field, label: words.fields[field] })),
  ]
  return form({
    id: formId,
    remembers: { id },
    title: words.form.title,
    submit: words.form.submit,
    cancel: words.form.cancel,
    blocks: columns.map(({ heading, target }, place) =>
      choiceField({
        block: blockOf(place),
        label: heading,
        choices,
        chosen: chosenFor(target),
        choose: words.form.choose,
      }),
    ),
  })
}

const chosenFor = (target: Column['target']): string =>
  target === null ? '-' : (leadFields.find((field) => field === target) ?? attribute)
