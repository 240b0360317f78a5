// Which dates calendars and rules give, by ical.js, and when those are, by the time zones of Node.js.
// Reads an array of jobs, writes an array of answers. Moments are seconds since 1970, whole days are texts.
import ICAL from "ical.js";
import { readFileSync } from "node:fs";

const formats = new Map(), zones = new Map();
const MOST = 20000;

function offsetAt(name, seconds) {
  // Seconds east of UTC at a moment.
  if (!formats.has(name)) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    formats.set(name, new Intl.DateTimeFormat("en-US", { timeZone: name, hourCycle: "h23", era: "short", ...parts }));
  }
  const shown = Object.fromEntries(formats.get(name).formatToParts(seconds * 1000).map(one => [one.type, one.value]));
  const clock = Date.UTC(+shown.year, shown.month - 1, +shown.day, +shown.hour, +shown.minute, +shown.second);
  return clock / 1000 - seconds;
}

class NamedZone extends ICAL.Timezone {
  constructor(name) {
    super({ tzid: name });
  }
  utcOffset(time) {
    // RFC 5545, 3.3.5: an hour that is left out is counted from before the change, of one that is twice the first counts.
    const clock = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second) / 1000;
    const before = offsetAt(this.tzid, clock - 86400), after = offsetAt(this.tzid, clock + 86400);
    if (offsetAt(this.tzid, clock - before) === before) return before;
    return offsetAt(this.tzid, clock - after) === after ? after : before;
  }
}

function zone(name) {
  if (!zones.has(name)) {
    try {
      offsetAt(name, 0);
      zones.set(name, new NamedZone(name));
    } catch {
      zones.set(name, null);
    }
  }
  return zones.get(name);
}

function shown(time, floating) {
  if (time.isDate) return time.toString();
  const there = time.clone();
  if (there.zone === ICAL.Timezone.localTimezone) there.zone = floating;
  return there.toUnixTime();
}

function seconds(time, floating) {
  if (typeof time === "number") return time;
  const midnight = ICAL.Time.fromString(time);
  midnight.isDate = false;
  midnight.zone = floating;
  return midnight.toUnixTime();
}

function* of_file(job) {
  // Every occurrence that touches the window. An event that has only a RECURRENCE-ID is one by itself.
  const floating = zone(job.zone), parsed = ICAL.parse(job.text);
  const roots = (typeof parsed[0] === "string" ? [parsed] : parsed).map(one => new ICAL.Component(one));
  for (const root of roots) {
    const brought = root.getTimeZoneByID.bind(root);
    root.getTimeZoneByID = name => brought(name) ?? zone(name);
    const parts = root.name === "vevent" ? [root] : root.getAllSubcomponents("vevent");
    const masters = parts.filter(one => !one.hasProperty("recurrence-id"));
    const uids = new Set(masters.map(one => one.getFirstPropertyValue("uid")));
    const alone = parts.filter(one => one.hasProperty("recurrence-id") && !uids.has(one.getFirstPropertyValue("uid")));
    for (const part of masters) {
      const exceptions = parts.filter(one => one.hasProperty("recurrence-id") && same(one, part));
      yield* of_event(new ICAL.Event(part, { exceptions }), job, floating);
    }
    for (const part of alone) yield* told(new ICAL.Event(part), part, job, floating);
  }
}

function same(one, other) {
  return one.getFirstPropertyValue("uid") === other.getFirstPropertyValue("uid");
}

function* of_event(event, job, floating) {
  if (!event.isRecurring()) {
    yield* told(event, event.component, job, floating);
    return;
  }
  const dates = event.iterator();
  for (let number = 0, next = dates.next(); next && number < job.most; number++, next = dates.next()) {
    const one = event.getOccurrenceDetails(next);
    if (seconds(shown(one.startDate, floating), floating) > job.before) break;
    yield* told(one, one.item.component, job, floating);
  }
}

function* told(one, component, job, floating) {
  const start = shown(one.startDate, floating), end = shown(one.endDate, floating);
  if (seconds(start, floating) > job.before || seconds(end, floating) < job.since) return;
  const text = name => `${component.getFirstPropertyValue(name) ?? ""}`;
  yield { start, end, subject: text("summary"), location: text("location") };
}

function in_terms_of_icaljs(text) {
  // It knows no BYSETPOS beside BYMONTHDAY, and no last day of a January every other year: the last one of 28 to 30 is
  // the month's last day, or its 30th; in a month that is as long each year it is a day by its number.
  const lasts = /BYMONTHDAY=(?:-1|28(?:,\d+)*,(\d+);BYSETPOS=-1)/.exec(text), month = +(/BYMONTH=(\d+)/.exec(text)?.[1] ?? 2);
  if (!lasts) return { text };
  const last = +(lasts[1] ?? 31), longest = [4, 6, 9, 11].includes(month) ? 30 : 31;
  if (month === 2) return { text: text.replace(lasts[0], "BYMONTHDAY=-1"), last };
  return { text: text.replace(lasts[0], `BYMONTHDAY=${Math.min(last, longest)}`) };
}

function ending(begins, length, place) {
  // At the same hour, whatever clocks did. What begins in an hour that is left out lasts as long (RFC 5545, 3.8.5.3).
  const end = begins.clone();
  if (begins.isDate || offsetAt(place.tzid, begins.toUnixTime()) === begins.utcOffset()) {
    end.addDuration(ICAL.Duration.fromSeconds(length));
    return shown(end, place);
  }
  return begins.toUnixTime() + length;
}

function* of_rule(job) {
  // The starts of a rule; `until` is meant where the series lives.
  const { text, last } = in_terms_of_icaljs(job.rule), rule = ICAL.Recur.fromString(text);
  const place = zone(job.zone), first = ICAL.Time.fromString(job.start), until = rule.until;
  if (!first.isDate) first.zone = place;
  if (until && !until.isDate && until.zone === ICAL.Timezone.localTimezone) until.zone = place;
  if (last) rule.until = null;
  const dates = rule.iterator(first);
  for (let number = 0, next = dates.next(); next && number < MOST; number++, next = dates.next()) {
    const begins = next.clone();
    if (last) begins.day = Math.min(begins.day, last);
    if (until && begins.compare(until) > 0) break;
    const start = shown(begins, place);
    if (seconds(start, place) >= job.before) break;
    yield { start, end: ending(begins, job.length, place) };
  }
}

const answers = JSON.parse(readFileSync(0, "utf8")).map(job => {
  try {
    return { found: [...(job.rule ? of_rule(job) : of_file(job))] };
  } catch (problem) {
    return { problem: `${problem.message}` };
  }
});
process.stdout.write(JSON.stringify(answers));
