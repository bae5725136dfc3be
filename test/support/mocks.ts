import * as pulumi from "@pulumi/pulumi";

/**
 * Puts mocks in place of the engine, as for a program's unit test, with nothing configured.
 *
 * @param outputs what each resource has besides its arguments
 * @param registered what is registered, as it comes
 */
export async function mockEngine(registered: pulumi.runtime.MockResourceArgs[], outputs: object = {}): Promise<void> {
  registered.length = 0;
  pulumi.runtime.setAllConfig({});
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        registered.push(args);
        return { id: args.id || "org_1", state: { ...args.inputs, ...outputs } };
      },
      call: () => ({}),
    },
    "customers",
    "production",
    false,
    "acme",
  );
}

export const known = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => void output.apply(resolve));
