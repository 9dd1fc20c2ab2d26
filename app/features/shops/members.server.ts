// Guarantee: a shop that anybody has opened has an owner, and the last one can neither be demoted nor removed, however many try at once.
import { recordAudit, type Actor } from "#app/features/audit/audit.server.ts";
import type { StaffMember } from "#app/connectors/sources.ts";
import { lockShop } from "#app/features/shops/purges.server.ts";
import { ROLES, type Role, type STARTING_ROLES } from "#app/features/shops/roles.ts";
import { openVault, type Place } from "#app/features/vault/vault.server.ts";
import type { Member as MemberRow } from "#app/platform/db/generated/client.ts";
import { forShop, type Tx } from "#app/platform/db/db.ts";
import { newId } from "#app/platform/db/ids.ts";
import { AppError } from "#app/platform/errors.ts";

export type Member = {
  id: string;
  userId: string;
  /** "" where Shopify has not told. */
  name: string;
  role: Role;
  /** Always an owner. */
  accountOwner: boolean;
  /** YYYY-MM-DD, in UTC. */
  seenOn: string;
};

const DAY_MS = 86_400_000;
/** Names change, and stores change hands: Shopify is asked again. */
const TOLD_FOR_MS = 30 * DAY_MS;
const place = (row: string): Place => ({ table: "members", column: "name_sealed", row });
const dayOf = (now: Date) => new Date(Math.floor(now.getTime() / DAY_MS) * DAY_MS);
const nobody = () => new AppError("not_found", "no such member");

/**
 * Whoever opens a page, and what they may do: the first is the owner, and so is Shopify's account owner; others begin as the owner chose.
 * @param ask asks Shopify who this is: once, and again each month; at most once a day where it does not answer
 */
export async function meetMember(
  shopId: string,
  userId: string,
  now: Date,
  ask: () => Promise<StaffMember | null>,
): Promise<Role> {
  const today = dayOf(now);
  const known = await forShop(shopId, (tx) => findMember(tx, shopId, userId));
  if (known?.seenOn?.getTime() === today.getTime()) return known.role as Role;
  const fresh = known?.toldAt && now.getTime() - known.toldAt.getTime() < TOLD_FOR_MS;
  const told = fresh ? null : await ask();
  const vault = told && (await openVault(shopId));
  return forShop(shopId, async (tx) => {
    const shop = await lockShop(tx, shopId);
    if (!shop) throw new AppError("unavailable", "the shop was erased meanwhile");
    // Somebody who opens several pages at once is met by each.
    const before = await findMember(tx, shopId, userId);
    const owned = (await countOwners(tx, shopId)) > 0;
    const accountOwner = told?.accountOwner ?? before?.accountOwner ?? false;
    const role: Role = accountOwner || !owned ? "owner" : ((before?.role ?? shop.newPeople) as Role);
    const id = before?.id ?? newId();
    const named = told && vault ? { nameSealed: vault.seal(place(id), told.name), toldAt: now } : {};
    const data = { role, accountOwner, seenOn: today, ...named };
    await tx.member.upsert({
      where: { shopId_userId: { shopId, userId } },
      create: { shopId, id, userId, createdAt: now, ...data },
      update: data,
    });
    if (before?.role !== role) await tell(tx, shopId, id, accountOwner ? "shopify" : "system", before, role);
    return role;
  });
}

/** Everybody who has been here, owners first. */
export async function listMembers(tx: Tx, shopId: string): Promise<Member[]> {
  const rows = await tx.member.findMany({ where: { shopId, seenOn: { not: null } } });
  const vault = await openVault(shopId);
  const rank = (row: { role: string }) => ROLES.indexOf(row.role as Role);
  return rows
    .map((row) => ({
      id: row.id,
      userId: row.userId,
      name: row.nameSealed ? vault.open(place(row.id), row.nameSealed) : "",
      role: row.role as Role,
      accountOwner: row.accountOwner,
      seenOn: row.seenOn?.toISOString().slice(0, 10) ?? "",
    }))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || a.userId.localeCompare(b.userId));
}

/**
 * An owner changes what somebody may do.
 * @throws AppError conflict where no owner would be left, or for Shopify's account owner; forbidden, not_found
 */
export async function setRole(tx: Tx, shopId: string, id: string, role: Role, actor: Actor): Promise<void> {
  const member = await takeMember(tx, shopId, id, actor);
  if (member.role === role) return;
  if (role !== "owner") await requireReplaceable(tx, shopId, member);
  await tx.member.update({ where: { shopId_id: { shopId, id } }, data: { role } });
  await tell(tx, shopId, id, actor, member, role);
}

/**
 * An owner takes somebody off the list: the name goes, and should they come back, which only Shopify can prevent, they may look.
 * @throws AppError as `setRole`
 */
export async function removeMember(tx: Tx, shopId: string, id: string, actor: Actor): Promise<void> {
  const member = await takeMember(tx, shopId, id, actor);
  await requireReplaceable(tx, shopId, member);
  const role: Role = "viewer";
  await tx.member.update({
    where: { shopId_id: { shopId, id } },
    data: { role, nameSealed: null, toldAt: null, seenOn: null },
  });
  await recordAudit(tx, shopId, {
    actor,
    action: "people.removed",
    subject: id,
    before: { role: member.role },
  });
}

/** With which role people begin who open the app for the first time. @throws AppError forbidden */
export async function setStartingRole(
  tx: Tx,
  shopId: string,
  role: (typeof STARTING_ROLES)[number],
  actor: Actor,
): Promise<void> {
  const shop = await lockShop(tx, shopId);
  await requireOwner(tx, shopId, actor);
  if (!shop || shop.newPeople === role) return;
  await tx.shop.update({ where: { id: shopId }, data: { newPeople: role } });
  await recordAudit(tx, shopId, {
    actor,
    action: "people.start_changed",
    before: { role: shop.newPeople },
    after: { role },
  });
}

const findMember = (tx: Tx, shopId: string, userId: string) =>
  tx.member.findUnique({ where: { shopId_userId: { shopId, userId } } });

const countOwners = (tx: Tx, shopId: string) =>
  tx.member.count({ where: { shopId, role: "owner" satisfies Role } });

/** Changes to the people of a shop take turns. */
async function takeMember(tx: Tx, shopId: string, id: string, actor: Actor): Promise<MemberRow> {
  await lockShop(tx, shopId);
  await requireOwner(tx, shopId, actor);
  const member = await tx.member.findUnique({ where: { shopId_id: { shopId, id } } });
  if (!member) throw nobody();
  return member;
}

/** Whoever was demoted while their page was open changes nobody any more. */
async function requireOwner(tx: Tx, shopId: string, actor: Actor): Promise<void> {
  const self = await findMember(tx, shopId, actor.replace(/^user:/, ""));
  if (self?.role !== "owner") throw new AppError("forbidden", "only an owner changes people");
}

async function requireReplaceable(tx: Tx, shopId: string, member: MemberRow): Promise<void> {
  if (member.accountOwner)
    throw new AppError("conflict", "the account owner is an owner", {
      forPerson: "Shopify’s account owner is always an owner here.",
    });
  if (member.role === "owner" && (await countOwners(tx, shopId)) === 1)
    throw new AppError("conflict", "the last owner", {
      forPerson: "Your store needs an owner. Make somebody else an owner first.",
    });
}

function tell(tx: Tx, shopId: string, id: string, actor: Actor, before: MemberRow | null, role: Role) {
  return recordAudit(tx, shopId, {
    actor,
    action: "people.role_changed",
    subject: id,
    ...(before ? { before: { role: before.role } } : {}),
    after: { role },
  });
}
