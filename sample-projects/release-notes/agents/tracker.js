// The key is put into the request by the host: there is none in here, and none in nexus.env.
export default async function (input, nexus) {
  const answer = await nexus.http(`http://localhost:8787/issues?milestone=${encodeURIComponent(input.milestone)}`);
  if (answer.status !== 200) {
    throw Object.assign(new Error(`the tracker says ${answer.status}: ${answer.body}`), { code: "tracker" });
  }
  const issues = JSON.parse(answer.body);

  // Not granted: a person is asked, and says how long that is allowed.
  let heading;
  try {
    heading = (await nexus.file.read("drafts/heading.md")).trim();
  } catch (e) {
    if (e.code !== "not-granted") throw e;
    heading = "# Release notes";
  }
  const lines = issues.map((issue) => `- ${issue.title} (#${issue.number})`);
  const file = `notes/${input.milestone}.md`;
  await nexus.file.write(file, [heading, "", ...lines, ""].join("\n"));
  return { file, issues: issues.length, heading };
}
