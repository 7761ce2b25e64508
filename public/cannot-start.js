// Says why the program cannot start, where that is one of the usual reasons, and what to do. boot.js asks for it only then, and
// before it shows anything.
//
// No WebAssembly at all: Apple's Lockdown Mode (https://support.apple.com/105120), hardened browsers, policies of a company. A content
// policy without 'wasm-unsafe-eval': Chromium, Firefox and Safari each have words of their own for that.
const reasons = {
  missing: {
    what: "WebAssembly is switched off in this browser.",
    why: "Guestlist is a WebAssembly program, so it cannot start here. Nothing was sent.",
    next: [
      "iPhone or iPad in Lockdown Mode: open the page menu beside the address, choose Website Settings, and switch Lockdown Mode off for this site alone.",
      "Mac in Lockdown Mode: in Safari’s menu choose Settings for this website, and switch Lockdown Mode off there.",
      "Otherwise a setting of the browser or a policy of your organisation switches it off: have it allowed for this site, or use another browser.",
    ],
  },
  barred: {
    what: "This page may not run WebAssembly here.",
    why: "Guestlist is a WebAssembly program, and a content policy that comes with the page does not let it start. Nothing was sent.",
    next: [
      "Whoever publishes this page: the header Content-Security-Policy needs 'wasm-unsafe-eval' in script-src, as the file _headers has it.",
      "Where a proxy or an extension adds a policy of its own: have it leave this site alone, or use another browser.",
    ],
  },
  absent: {
    what: "Guestlist could not be loaded.",
    why: "A file of the program is missing, did not come, or is not the one that belongs to this page. So nothing was started.",
    next: [
      "Check the network and load the page again.",
      "Whoever publishes this page: publish all files of one version together, as they are. The server has to send those that end in .wasm, too; IIS does once .wasm has the MIME type application/wasm.",
    ],
  },
};

/** Puts the reason for this error in place of the general words, where it is known. */
export function tell(error) {
  const isBarred = /unsafe-eval|blocked by CSP|content security policy/i.test(String(error?.message));
  // What is no WebAssembly, such as a page in its place, does not compile.
  const isAbsent = () => error instanceof WebAssembly.CompileError || (error instanceof TypeError && /fetch|load|network|import/i.test(error.message));
  const reason = !globalThis.WebAssembly ? reasons.missing : isBarred ? reasons.barred : isAbsent() ? reasons.absent : undefined;
  if (!reason) return;
  const body = document.querySelector("#failed .notice-body");
  body.querySelector("strong").textContent = reason.what;
  body.querySelector("p").textContent = reason.why;
  const list = document.createElement("ul");
  for (const step of reason.next) list.appendChild(document.createElement("li")).textContent = step;
  body.querySelector("p").after(list);
}
