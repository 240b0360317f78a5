// jsforce at work: signs in with a password, does what it can do, and prints what came of it as JSON.
const jsforce = require('jsforce');

const { ORG_URL, ORG_USER, ORG_PASSWORD, KEY_FIELD } = process.env;
const PAGES = { 'Sforce-Query-Options': 'batchSize=200' };
const ids = (results) => results.map((one) => one.id);

async function rows(conn) {
  const made = await conn.sobject('Account').create({ Name: 'Fir & <Söhne>' });
  const read = await conn.sobject('Account').retrieve(made.id);
  await conn.sobject('Account').update({ Id: made.id, Phone: '7' });
  const many = [1, 2, 3].map((at) => ({ LastName: `P${at}`, AccountId: made.id }));
  const people = await conn.sobject('Contact').create(many, { allOrNone: true });
  const again = [];
  for (const name of ['Oak', 'Oak & Co']) {
    again.push((await conn.sobject('Account').upsert({ [KEY_FIELD]: 'k-1', Name: name }, KEY_FIELD)).created);
  }
  const deleted = await conn.sobject('Contact').destroy(ids(people).slice(0, 1));
  const refused = await conn.sobject('Contact').create([{ FirstName: 'x' }]);
  return {
    name: read.Name,
    people: people.length,
    created: again,
    deleted: deleted.map((one) => one.success),
    refused: refused[0].errors[0].statusCode,
  };
}

async function events(conn) {
  const lea = await conn.sobject('Lead').create({ LastName: 'Lea', Company: 'Fir' });
  const when = { StartDateTime: new Date('2026-11-23T09:00:00Z'), DurationInMinutes: 30 };
  const many = [...Array(200).keys()].map((at) => ({ Subject: `Visit ${at}`, ...when }));
  const made = await conn.sobject('Event').create(many);
  const moved = made.map((one) => ({ Id: one.id, StartDateTime: '2026-11-24T09:00:00Z', WhoId: lea.id }));
  const changed = await conn.sobject('Event').update([...moved.slice(1), { Id: made[0].id, DurationInMinutes: -1 }]);
  const lists = (await conn.sobject('Event').describe()).childRelationships.flatMap((one) => one.junctionIdListNames);
  const ends = await conn.sobject('Event').find({ WhoId: lea.id }, 'EndDateTime').limit(1);
  const gone = await conn.sobject('Event').destroy(ids(made));
  const again = await conn.sobject('Event').destroy([made[0].id]);
  await conn.sobject('Lead').destroy(lea.id);
  return {
    changed: changed.filter((one) => one.success).length,
    refused: changed[199].errors[0].fields,
    lists: lists.sort(),
    ends: ends[0].EndDateTime,
    gone: gone.filter((one) => one.success).length,
    twice: again[0].errors[0].statusCode,
  };
}

async function queries(conn) {
  const plain = await conn.query("SELECT Id, LastName, Account.Name FROM Contact ORDER BY LastName");
  const built = await conn
    .sobject('Contact')
    .find({ LastName: { $like: 'P%' }, 'Account.Phone': '7' }, ['Id', 'LastName'])
    .sort({ LastName: -1 })
    .limit(5)
    .execute();
  const nested = await conn.query("SELECT Name, (SELECT LastName FROM Contacts) FROM Account WHERE Phone = '7'");
  const every = await conn.query('SELECT Id FROM Lead', { autoFetch: true, maxFetch: 10000, headers: PAGES });
  return {
    parents: plain.records.map((one) => one.Account.Name),
    built: built.map((one) => one.LastName),
    nested: nested.records[0].Contacts.records.length,
    all: new Set(every.records.map((one) => one.Id)).size,
  };
}
async function descriptions(conn) {
  const whole = await conn.describeGlobal();
  const contact = await conn.sobject('Contact').describe();
  return {
    objects: whole.sobjects.map((one) => one.name).includes('EmailMessage'),
    key: contact.fields.some((one) => one.name === 'AccountId' && one.referenceTo[0] === 'Account'),
  };
}

async function bulk(conn) {
  conn.bulk2.pollInterval = 200;
  conn.bulk2.pollTimeout = 30000;
  const input = [...Array(250).keys()].map((at) => ({ LastName: `L${at}`, Company: 'Fir' }));
  const written = await conn.bulk2.loadAndWaitForResults({
    object: 'Lead',
    operation: 'insert',
    input: [...input, { LastName: '', Company: 'Oak' }],
  });
  const found = await (await conn.bulk2.query("SELECT Id, LastName FROM Lead WHERE Company = 'Fir'")).toArray();
  return {
    written: written.successfulResults.length,
    failed: written.failedResults.map((one) => one.sf__Error.split(':')[0]),
    unprocessed: written.unprocessedRecords.length,
    found: found.length,
  };
}

async function soap(conn) {
  const info = await conn.soap.getUserInfo();
  const stamp = await conn.soap.getServerTimestamp();
  const lead = await conn.sobject('Lead').create({ LastName: 'Duarte', Company: 'Dogwood' });
  const converted = await conn.soap.convertLead({
    leadId: lead.id,
    convertedStatus: 'Closed - Converted',
    opportunityName: 'Saws',
  });
  return {
    user: info.userName,
    stamp: !Number.isNaN(Date.parse(stamp.timestamp)),
    converted: converted.success,
  };
}

async function ends(conn) {
  const who = await conn.identity();
  const usage = conn.limitInfo.apiUsage;
  const second = new jsforce.Connection({ instanceUrl: conn.instanceUrl, accessToken: conn.accessToken });
  await conn.logout();
  const refused = await second.query('SELECT Id FROM Account').catch((error) => error.errorCode);
  return { who: who.username, counted: usage.used > 0 && usage.limit === 15000, refused };
}

async function main() {
  const conn = new jsforce.Connection({ loginUrl: ORG_URL, version: '64.0' });
  const wrong = await conn.login(ORG_USER, 'wrong').catch((error) => error.message.split(':')[0]);
  const user = await conn.login(ORG_USER, ORG_PASSWORD);
  const found = { signIn: { wrong, organization: user.organizationId.length, id: user.id } };
  for (const part of [rows, events, bulk, queries, descriptions, soap, ends]) {
    found[part.name] = await part(conn);
  }
  console.log(JSON.stringify(found));
}

main();
