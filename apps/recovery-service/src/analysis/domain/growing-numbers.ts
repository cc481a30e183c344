const firstLength = 1_024;

/** Numbers one behind the other, as many as there are: a list of a million of them would take several times the room. */
export class GrowingNumbers {
  private numbers = new Float64Array(firstLength);
  private length = 0;

  push(value: number): void {
    if (this.length === this.numbers.length) {
      const longer = new Float64Array(this.length * 2);
      longer.set(this.numbers);
      this.numbers = longer;
    }
    this.numbers[this.length] = value;
    this.length += 1;
  }

  /** Those that there are now: a view, not a copy. */
  all(): Float64Array {
    return this.numbers.subarray(0, this.length);
  }
}
