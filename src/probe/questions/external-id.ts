import { answered, seen, Unanswered, unlike } from "../asking/answer.ts";
import { changed, type Kit, pathOf, type Question, refusalOf, set } from "../asking/kit.ts";
import { isNotFound, organizationsPath } from "../asking/scratch.ts";
import { at } from "../asking/wire.ts";

const lookUp = ({ ask }: Kit, externalId: string) =>
  ask({ method: "GET", path: `${organizationsPath}:external/${encodeURIComponent(externalId)}` });

export const externalIdCase: Question = {
  name: "externalIdCase",
  asks: "Are external IDs that differ only in upper and lower case the same?",
  async find(kit) {
    const own = `${kit.scratch.prefix}-case`;
    const other = own.toUpperCase();
    await kit.scratch.organization(kit.ask, "case", { external_id: own });
    const found = await lookUp(kit, other);
    const isFound = found.status === 200;
    if (!isFound && !isNotFound(found)) throw new Unanswered(`a look-up was answered with ${refusalOf(found)}`);
    const second = await kit.scratch.attempt(kit.ask, "other case", { external_id: other });
    const isMade = second.status < 300;
    if (isMade && !isFound) return answered("distinct", "External IDs in other case are two.");
    if (isMade) return unlike("An external ID in other case finds the same organization, and a second may have it.");
    const refusal = `a second organization with it is refused (${refusalOf(second)})`;
    return isFound
      ? answered("ignored", `An external ID in other case finds the same organization, and ${refusal}.`)
      : answered("unique", `An external ID in other case finds nothing, and ${refusal}.`);
  },
};

export const duplicate: Question = {
  name: "duplicate",
  asks: "How does the API refuse a second organization with one external ID?",
  async find(kit) {
    const taken = `${kit.scratch.prefix}-taken`;
    await set(kit, await kit.scratch.share(kit.ask, "first"), { external_id: taken });
    const created = await kit.scratch.attempt(kit.ask, "duplicate", { external_id: taken });
    const { reply } = await changed(kit, await kit.scratch.share(kit.ask, "second"), { external_id: taken });
    const says = `A duplicate external ID is answered with ${refusalOf(created)} to POST, and ${refusalOf(reply)} to PATCH.`;
    const { status } = created;
    return status === reply.status && [400, 409].includes(status) ? answered(status, says) : unlike(says);
  },
};

export const encodedSlash: Question = {
  name: "encodedSlash",
  asks: "Is %2F in a path part of an external ID?",
  async find(kit) {
    const externalId = `${kit.scratch.prefix}/slash`;
    const id = await kit.scratch.organization(kit.ask, "slash", { external_id: externalId });
    const reply = await lookUp(kit, externalId);
    if (reply.status === 200 && at(reply.json, "organization", "id") === id) {
      return answered("kept", "%2F in a path is part of the external ID.");
    }
    if (reply.status === 404 && !isNotFound(reply)) {
      return answered("separates", "%2F separates parts of the path, so that such an external ID is not found by it.");
    }
    return unlike(`A look-up with %2F is answered with ${refusalOf(reply)}.`);
  },
};

export const longExternalId: Question = {
  name: "longExternalId",
  asks: "Does the API take an external ID of 256 characters?",
  async find({ ask, scratch }) {
    const reply = await scratch.attempt(ask, "long", { external_id: `${scratch.prefix}-`.padEnd(256, "x") });
    return seen(
      `An external ID of 256 characters is ${reply.status < 300 ? "taken" : `refused: ${refusalOf(reply)}`}.`,
    );
  },
};

export const deleteMissing: Question = {
  name: "deleteMissing",
  asks: "How does the API answer a delete of a missing object?",
  async find({ ask, scratch }) {
    const id = await scratch.organization(ask, "twice");
    const first = await ask({ method: "DELETE", path: pathOf(id) });
    if (first.status !== 200) throw new Unanswered(`a delete was answered with ${refusalOf(first)}`);
    scratch.gone(id);
    const second = await ask({ method: "DELETE", path: pathOf(id) });
    const says = `A second delete is answered with ${refusalOf(second)}.`;
    return second.status === 200 || isNotFound(second) ? answered(second.status, says) : unlike(says);
  },
};

export const unknownId: Question = {
  name: "unknownId",
  asks: "How does the API answer an id that nobody has, and a text that is no id?",
  async find({ ask }) {
    const replies = [];
    for (const id of ["org_10000000000000001", "no-id"]) {
      replies.push(refusalOf(await ask({ method: "GET", path: pathOf(id), also: 403 })));
    }
    return seen(`An id that nobody has is answered with ${replies[0]}, and a text that is no id with ${replies[1]}.`);
  },
};
