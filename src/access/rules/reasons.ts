import { EFFORTS, type Effort } from '../../kernel/index.ts';
import { BROUGHT_SENTENCES } from './brought-sentences.ts';
import type { CapOrigin, Finding, FindingEffect, Reason, ReasonFacts } from './decision.ts';
import type { DefaultSource } from './default-model.ts';
import { RATE_SENTENCES } from './rate-sentences.ts';
import { SPEND_SENTENCES } from './spend-sentences.ts';
import { type Audience, holderIn, listOf, quotedRoles, type Sentences } from './wording.ts';

export type { Audience } from './wording.ts';

/** What to do next: take a model that is open to the reader, if there is one, or ask for a change. */
const askOr = (instead: string | null, request: string): string =>
  instead === null
    ? `Ask an administrator ${request}.`
    : `Choose another model, for example ${instead}, or ask an administrator ${request}.`;

/** The level that decides a cap, as an administrator finds it in the console. */
const originOf = (origin: CapOrigin): string => {
  switch (origin.level) {
    case 'model':
      return 'the model itself';
    case 'organisation':
      return 'the organisation’s setting';
    case 'role':
      return `the role “${origin.displayName}”`;
    case 'fallback':
      return `the cap on ${origin.name}, which the request names as a fallback`;
    case 'spend':
      return `a spend limit of which ${origin.percent} % is used`;
    default: {
      const unexpected: never = origin;
      return unexpected;
    }
  }
};

const DEFAULTS: Readonly<Record<DefaultSource, string>> = {
  role: 'the default of a role',
  organisation: 'the organisation’s default',
  recommended: 'the recommended default',
};

const LAYERS = {
  organisation: 'is switched off for the organisation',
  roles: 'is not granted by any role that applies',
  unknown: 'is not a model known here by its full name',
} as const;

const raise = (name: string, cap: Effort): string => `ask an administrator to raise the limit of ${cap} on ${name}`;

const MODEL_SENTENCES = {
  'model-permitted': {
    administrator: (b) =>
      b.rolesTotal === 0 ? `${b.name} is permitted.` : `${b.name} is permitted, granted by the role ${quotedRoles(b)}.`,
    member: (b) => `You may use ${b.name}.`,
  },
  'family-resolved': {
    administrator: (b) => `“${b.asked}” names a family; its newest permitted model is ${b.name}, which was used.`,
    member: (b) => `You asked for “${b.asked}”; the newest model of that family you may use is ${b.name}.`,
  },
  'default-resolved': {
    administrator: (b) => `“${b.asked}” was asked for; ${DEFAULTS[b.from]} led to ${b.name}.`,
    member: (b) => `You asked for the default model, which for you is ${b.name}.`,
  },
  'model-disabled-by-organisation': {
    administrator: (b) =>
      `${b.name} is switched off for the whole organisation, owners included. Switch it on under Models to permit it.`,
    member: (b) => `${b.name} is switched off for your organisation. ${askOr(b.instead, 'to switch it on')}`,
  },
  'model-not-granted-by-role': {
    administrator: (b) =>
      b.rolesTotal === 0
        ? `The ${holderIn(b.holder)} has no role, so only Haiku models are permitted. Attach a role that grants ${b.name}.`
        : `None of the roles of the ${holderIn(b.holder)} grants ${b.name} (${quotedRoles(b)}). Grant it in one of them, or attach a role that has it.`,
    member: (b) =>
      b.rolesTotal === 0
        ? `${b.name} needs a role, and ${b.holder.kind === 'service' ? 'this key’s group' : 'you'} have none. ${askOr(b.instead, 'for one that grants it')}`
        : `${b.name} is not included in ${b.holder.kind === 'service' ? 'the roles of this key' : 'your roles'} (${quotedRoles(b)}). ${askOr(b.instead, 'to grant it')}`,
  },
  'model-unknown': {
    administrator: (b) =>
      `“${b.asked}” is no model known here. If the provider offers it, add it to the models in the configuration.`,
    member: (b) => `“${b.asked}” is no model known here. ${askOr(b.instead, 'to add it')}`,
  },
  'family-not-permitted': {
    administrator: (b) =>
      `“${b.asked}” names the ${b.line} family, none of whose models is permitted here. Permit one of them.`,
    member: (b) => `You may not use any model of the ${b.line} family. ${askOr(b.instead, 'for access to one')}`,
  },
  'no-default-permitted': {
    administrator: () =>
      'The default model is not permitted here, and nor is one of its family or a cheaper one. Permit one.',
    member: () =>
      'No default model is open to you. Name a model you may use, or ask an administrator for access to one.',
  },
  'fallbacks-permitted': {
    administrator: (b) => `Every fallback model is permitted: ${listOf(b.fallbacks)}.`,
    member: (b) => `You may use every fallback model: ${listOf(b.fallbacks)}.`,
  },
  'fallback-not-permitted': {
    administrator: (b) =>
      `The fallback model ${b.name ?? `“${b.asked}”`} ${LAYERS[b.stoppedBy]}, so the request was refused as a whole.`,
    member: (b) =>
      `The fallback model ${b.name ?? `“${b.asked}”`} is not open to you. Take it out of “fallbacks”, or ask an administrator for access.`,
  },
} satisfies { readonly [R in Reason]?: Sentences<R> };

/** No effort is below the lowest. */
const orLower = (cap: Effort): string => (cap === EFFORTS[0] ? cap : `${cap} or lower`);

const EFFORT_SENTENCES = {
  'effort-within-cap': {
    administrator: (b) =>
      b.asked === null
        ? `No effort was asked for; ${b.name} starts at ${b.used}, within the limit of ${b.cap}.`
        : `Effort ${b.used} on ${b.name} is within the limit of ${b.cap}.`,
    member: (b) => `${b.name} ran at effort ${b.used}.`,
  },
  'effort-above-cap': {
    administrator: (b, effect) => {
      const limit = `Effort ${b.asked} is above the limit of ${b.cap} on ${b.name}, set by ${originOf(b.setBy)}`;
      if (effect === 'deny') return `${limit}; the organisation refuses such requests.`;
      return effect === 'observe'
        ? `${limit}; it was let through, because limits are only observed.`
        : `${limit}; it was lowered.`;
    },
    member: (b, effect) => {
      const limit = `You may use ${b.name} up to effort ${b.cap}, and ${b.asked} was asked for`;
      if (effect === 'deny') return `${limit}. Choose ${orLower(b.cap)}, or ${raise(b.name, b.cap)}.`;
      return effect === 'observe' ? `${limit}; it was let through this time.` : `${limit}; it ran at ${b.cap}.`;
    },
  },
  'default-effort-above-cap': {
    administrator: (b, effect) => {
      const limit = `No effort was asked for, and the start at ${b.start} is above the limit of ${b.cap} on ${b.name}, set by ${originOf(b.setBy)}`;
      return effect === 'observe' ? `${limit}; limits are only observed.` : `${limit}; ${b.cap} was sent.`;
    },
    member: (b, effect) =>
      effect === 'observe'
        ? `${b.name} started at effort ${b.start}, above your limit of ${b.cap}.`
        : `${b.name} starts at effort ${b.start} by itself; for you it ran at ${b.cap}, your highest.`,
  },
  'default-effort-applied': {
    administrator: (b) =>
      `The default model was asked for without an effort; the default effort ${b.used} was sent to ${b.name}.`,
    member: (b) => `${b.name} ran at effort ${b.used}, the default for you.`,
  },
  'effort-not-offered': {
    administrator: (b) => `${b.name} does not offer effort ${b.asked}; it ran at ${b.used}, the nearest level it has.`,
    member: (b) => `${b.name} does not offer effort ${b.asked}; it ran at ${b.used}.`,
  },
  'effort-not-recognised': {
    administrator: (b) =>
      `Effort “${b.asked}” is not a known level; nothing limits ${b.name} here, so it was passed on.`,
    member: (b) => `Effort “${b.asked}” is not a known level; it was passed on to ${b.name} as it is.`,
  },
  'effort-not-applicable': {
    administrator: (b) => `${b.name} has no effort setting; nothing was changed.`,
    member: (b) => `${b.name} has no effort setting.`,
  },
  'thinking-budget-within-cap': {
    administrator: (b) => `A thinking budget of ${b.asked} tokens on ${b.name} is within the limit of ${b.cap}.`,
    member: (b) => `${b.name} may think for ${b.asked} tokens, as asked.`,
  },
  'thinking-budget-above-cap': {
    administrator: (b, effect) => {
      const limit = `A thinking budget of ${b.asked} tokens is more than the ${b.budget} that the limit of ${b.cap} allows on ${b.name}, set by ${originOf(b.setBy)}`;
      if (effect === 'deny') return `${limit}; the organisation refuses such requests.`;
      return effect === 'observe'
        ? `${limit}; it was let through, because limits are only observed.`
        : `${limit}; it was lowered.`;
    },
    member: (b, effect) => {
      const limit = `You may let ${b.name} think for ${b.budget} tokens, and ${b.asked} were asked for`;
      if (effect === 'deny') return `${limit}. Ask for ${b.budget} or fewer, or ${raise(b.name, b.cap)}.`;
      return effect === 'observe' ? `${limit}; it was let through this time.` : `${limit}; ${b.budget} were given.`;
    },
  },
} satisfies { readonly [R in Reason]?: Sentences<R> };

/** Every reason with its two sentences; a reason without them does not compile. */
const SENTENCES: { readonly [R in Reason]: Sentences<R> } = {
  ...BROUGHT_SENTENCES,
  ...MODEL_SENTENCES,
  ...EFFORT_SENTENCES,
  ...SPEND_SENTENCES,
  ...RATE_SENTENCES,
};

const say = <R extends Reason>(
  { reason, because, effect }: { readonly reason: R; readonly because: ReasonFacts[R]; readonly effect: FindingEffect },
  audience: Audience,
): string => SENTENCES[reason][audience](because, effect);

/**
 * A finding in whole sentences. The member's version names only what concerns that member: their own roles, levels and
 * models, and what to do next.
 */
export const explain = (finding: Finding, audience: Audience): string => say(finding, audience);
