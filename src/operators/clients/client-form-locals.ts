import {
  type ClientField,
  clientFieldHint,
  clientFieldLabel,
  clientFormGroups,
} from './client-form.ts'

/** The groups of the form with their labels and hints, for the view. */
export const clientFormLocals = () => ({
  groups: clientFormGroups.map(({ fields, ...group }) => ({
    ...group,
    fields: fields.map((field: ClientField) => ({
      ...field,
      label: clientFieldLabel(field.name),
      hint: clientFieldHint(field),
      hintParams: { values: field.values?.join(' ') ?? '' },
    })),
  })),
})
