const KEPT_MAX = 500;

/**
 * `work` with a memory of what it answered: for pure work on words that come from outside and are nearly always the same
 * few, such as the names of headers. Forgets everything when somebody sends very many different ones.
 */
export const remembering = <Answer>(work: (word: string) => Answer): ((word: string) => Answer) => {
  const answers = new Map<string, Answer>();
  return (word) => {
    const known = answers.get(word);
    if (known !== undefined) return known;
    const answer = work(word);
    if (answers.size >= KEPT_MAX) answers.clear();
    answers.set(word, answer);
    return answer;
  };
};
