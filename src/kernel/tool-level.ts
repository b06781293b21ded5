/** How freely a tool of a connector may be used, from the strictest: not at all, after a person agrees, or at once. */
export const TOOL_LEVELS = ['blocked', 'ask', 'always'] as const;

export type ToolLevel = (typeof TOOL_LEVELS)[number];

const rank = (level: ToolLevel): number => TOOL_LEVELS.indexOf(level);

/** The stricter of two levels. */
export const stricterLevel = (a: ToolLevel, b: ToolLevel): ToolLevel => (rank(a) < rank(b) ? a : b);

/** The freer of two levels. */
export const freerLevel = (a: ToolLevel, b: ToolLevel): ToolLevel => (rank(a) < rank(b) ? b : a);
