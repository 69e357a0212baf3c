/** Returns what an error says about the host, as a clause; nothing where it says something else. */
export declare const hostProblem: (error: unknown) => string | undefined
