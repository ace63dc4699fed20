import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { Fields } from "../protocol/fields";
import type { ClientFrame, CompanyFrame, Welcome } from "../protocol/frames";
import { account as accountId, chatId } from "../testing/sample";
import { Company } from "./company";

const session = new Fields({ id: "5".repeat(32) }).session("id");
const [mary, olga] = [accountId("1"), accountId("2")];

function welcome(limits: Readonly<Record<string, number>>): Welcome {
  const account = { id: mary, name: "Mary", username: null };
  const inbox = { epoch: 1, seq: 0 };
  return { kind: "welcome", account, session, heartbeat: 25, now: 0, limits, nodes: [], ticket: "", inbox };
}

function scene(limits: Readonly<Record<string, number>> = { watched: 256 }) {
  const sent: ClientFrame[] = [];
  const published: CompanyFrame[] = [];
  const company = new Company((frame) => sent.push(frame), (frame) => published.push(frame));
  company.told(welcome(limits));
  company.begin();
  sent.length = 0;
  return { company, sent, published };
}

test("what all tabs say is told as one, and each thing once", () => {
  const { company, sent } = scene();
  company.take({ kind: "company", tab: "a", isActive: true, accounts: [olga] });
  company.take({ kind: "company", tab: "b", isActive: false, accounts: [mary, olga] });
  company.take({ kind: "company", tab: "b", isActive: false, accounts: [mary, olga] });
  deepEqual(sent, [
    { kind: "presence", active: true },
    { kind: "watch", accounts: [olga] },
    { kind: "watch", accounts: [mary, olga] },
  ]);
  company.take({ kind: "company", tab: "a", isActive: false, accounts: [] });
  deepEqual(sent.slice(3), [{ kind: "presence", active: false }]);
});

test("a new socket is told everything again", () => {
  const { company, sent } = scene();
  company.take({ kind: "company", tab: "a", isActive: true, accounts: [olga] });
  sent.length = 0;
  company.begin();
  deepEqual(sent, [{ kind: "presence", active: true }, { kind: "watch", accounts: [olga] }]);
});

test("what may have been refused as too much at once is told again, and what is known stays", () => {
  const { company, sent, published } = scene();
  company.take({ kind: "company", tab: "a", isActive: true, accounts: [olga] });
  const person = { account: olga, is: "online" } as const;
  company.told({ kind: "presence", people: [person] });
  sent.length = 0;
  company.repeat();
  deepEqual(sent, [{ kind: "presence", active: true }, { kind: "watch", accounts: [olga] }]);
  company.take({ kind: "company", tab: "b", isActive: true, accounts: [olga] });
  equal(published.length, 2);
});

test("a tab that comes later is told what others know already", () => {
  const { company, published } = scene();
  const person = { account: olga, is: "online" } as const;
  company.told({ kind: "presence", people: [person] });
  company.take({ kind: "company", tab: "b", isActive: true, accounts: [mary, olga] });
  deepEqual(published, [{ kind: "presence", people: [person] }, { kind: "presence", people: [person] }]);
});

test("a node that does not know such frames is sent none", () => {
  const { company, sent } = scene({});
  company.take({ kind: "company", tab: "a", isActive: true, accounts: [olga] });
  company.say({ kind: "typing", chat: chatId("a") });
  equal(sent.length, 0);
});
