// Why something was not done, and whether it may be done a little later: then it is asked again.
const AGAIN_MS = 1000;
// Said by this page itself; whatever stands before the server has no codes at all.
const OF_THE_WAY = new Set(["unreachable", "offline"]);

export class Refusal extends Error {
  constructor(problem) {
    const faults = (problem.fields ?? []).map((fault) => fault.message).join(" ");
    super(faults || problem.message);
    this.code = problem.code;
    this.problem = problem;
  }

  get passes() {
    return !this.code || OF_THE_WAY.has(this.code) || this.problem.retryable === true;
  }

  get waitMs() {
    return this.problem.retry_after_ms ?? AGAIN_MS;
  }
}

// The answer; or none, once nobody wants it any more. Only what no later time changes is thrown.
export async function patiently(work, isWanted, onFailure = () => {}) {
  while (isWanted()) {
    try {
      return await work();
    } catch (error) {
      if (!error.passes) throw error;
      onFailure(error);
      await new Promise((done) => setTimeout(done, error.waitMs));
    }
  }
}
