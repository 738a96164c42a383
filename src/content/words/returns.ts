import type { Locale } from '../../domain/agreement.ts'
import { formatNumber, plural } from './format.ts'

/** A form with one field. Slack cuts titles and the buttons of a form at 24 characters. */
interface OneField {
  title: string
  submit: string
  hint: string
  /** Said under the field where it holds too much. */
  fault: string
}

/** What marketing and the managers say to a return. */
interface Words {
  contest: OneField & { label: string }
  clarify: OneField & { label(term: string): string }
  /** Why marketing contests the return, for whoever rules. */
  contested(by: string, why: string): string
  list: {
    title: string
    empty: string
    toAnswer: string
    contested: string
    ready: string
    /** Leads that are not ready yet; `more` where there are so many that not all were counted. */
    waiting(count: number, more: boolean): string
    /** Those of a group that are not shown. */
    more(count: number): string
  }
}

export const returnsWords: Record<Locale, Words> = {
  en: {
    contest: {
      title: 'Contest the return',
      submit: 'Contest',
      label: 'How do you read it?',
      hint: 'Both managers read it, and rule on it.',
      fault: 'Write at most 2,000 characters.',
    },
    clarify: {
      title: 'Clarify the term',
      submit: 'Clarify',
      label: (term) => `How is “${term}” to be understood?`,
      hint: 'The return stands. Once both managers clarify, the glossary shows it with the term.',
      fault: 'Write at most 2,000 characters.',
    },
    contested: (by, why) => `${by} contests the return: “${why}”`,
    list: {
      title: 'Returned leads',
      empty:
        'No returned lead is with marketing now. `/handoff find` shows what became of one, `/sla report` how many came back.',
      toAnswer: 'To answer',
      contested: 'Contested',
      ready: 'Ready again',
      waiting: (count, more) => {
        const leads = { one: 'lead', other: 'leads' }
        return `${more ? 'More than ' : ''}${plural(count, 'en', leads)} not ready yet.`
      },
      more: (count) => `and ${formatNumber(count, 'en')} more`,
    },
  },
  it: {
    contest: {
      title: 'Contesta la restituzione',
      submit: 'Contesta',
      label: 'Tu come la vedi?',
      hint: 'Lo leggono entrambi i responsabili, che poi decidono.',
      fault: 'Scrivi al massimo 2.000 caratteri.',
    },
    clarify: {
      title: 'Chiarisci il termine',
      submit: 'Chiarisci',
      label: (term) => `Come va inteso «${term}»?`,
      hint: 'La restituzione resta. Se chiariscono entrambi i responsabili, il glossario lo mostra con il termine.',
      fault: 'Scrivi al massimo 2.000 caratteri.',
    },
    contested: (by, why) => `${by} contesta la restituzione: «${why}»`,
    list: {
      title: 'Lead restituiti',
      empty:
        'Nessun lead restituito è al marketing in questo momento. `/handoff trova` mostra che cosa è stato di uno, `/sla report` quanti ne sono tornati.',
      toAnswer: 'A cui rispondere',
      contested: 'Contestati',
      ready: 'Di nuovo pronti',
      waiting: (count, more) => {
        const leads = { one: 'lead non ancora pronto', other: 'lead non ancora pronti' }
        return `${more ? 'Più di ' : ''}${plural(count, 'it', leads)}.`
      },
      more: (count) => (count === 1 ? 'e un altro' : `e altri ${formatNumber(count, 'it')}`),
    },
  },
}
