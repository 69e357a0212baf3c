/** Counts milliseconds from power-on to the end. */
export class MachineClock {
  #from = performance.now()
  #end: number | undefined

  get uptime(): number {
    return (this.#end ?? performance.now()) - this.#from
  }

  start(): void {
    this.#from = performance.now()
  }

  stop(): void {
    this.#end ??= performance.now()
  }
}
