import fc from "fast-check";
import { expect, it } from "vitest";
import { Budget } from "#app/platform/inbox/budget.ts";

it("lets in what fits, and the rest in the order it came", async () => {
  const budget = new Budget(10);
  const order: string[] = [];
  const enter = async (name: string, bytes: number) => {
    await budget.take(bytes);
    order.push(name);
  };
  expect(budget.take(8)).toBeUndefined();
  const waiting = [enter("large", 9), enter("small", 1), enter("whole", 50)];
  expect(order).toEqual([]);
  budget.give(8);
  await Promise.all(waiting.slice(0, 2));
  expect(order).toEqual(["large", "small"]);
  budget.give(9);
  budget.give(1);
  await waiting[2];
  expect(order).toEqual(["large", "small", "whole"]);
});

it("never lets more in than there is, and everybody in the end", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 50 }), async (sizes) => {
      const budget = new Budget(10);
      let inside = 0;
      let most = 0;
      const visit = async (bytes: number) => {
        await budget.take(bytes);
        inside += Math.min(bytes, 10);
        most = Math.max(most, inside);
        await Promise.resolve();
        inside -= Math.min(bytes, 10);
        budget.give(bytes);
      };
      await Promise.all(sizes.map(visit));
      expect(most).toBeLessThanOrEqual(10);
      expect(inside).toBe(0);
    }),
  );
});
