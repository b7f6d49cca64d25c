#include "status_page.hpp"

#include "log_memory.hpp"
#include "mj/http/message.hpp"

namespace mj::witness {
namespace {

using http::escape_html;

constexpr std::string_view kStyle =
    "body{font:16px/1.6 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1f2933;"
    "background:#fff}h1{font-size:1.5rem}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.5rem .75rem;border-bottom:1px solid #d9e0e6;vertical-align:top}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}code{font-size:.85rem;overflow-wrap:anywhere}"
    ".bad{color:#b42318;font-weight:600}.quiet{color:#52606d}"
    "@media(prefers-color-scheme:dark){body{background:#14181d;color:#e4e9ee}th,td{border-color:#39424c}"
    ".bad{color:#ff8a80}.quiet{color:#9aa5b1}a{color:#8ab4f8}}";

std::string row(const Remembered& log) {
  std::string state;
  if (log.refused != 0) {
    state = fmt::format("<span class=\"bad\">拒签 {} 次 refused {}</span><br>{}", log.refused, log.refused,
                        escape_html(log.last_refusal));
  } else if (!log.watched) {
    state = "<span class=\"quiet\">不再见证 no longer watched</span>";
  } else if (log.note.empty()) {
    state = "<span class=\"quiet\">尚未见证 nothing cosigned yet</span>";
  } else {
    state = "正常 in order";
  }
  const std::string seen =
      log.note.empty() ? std::string("—")
                       : fmt::format("<a href=\"/{}/checkpoint\">{}</a>", origin_hash(log.origin), to_iso(log.at));
  return fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
                     escape_html(log.origin), log.size, seen, log.cosigned, state);
}

}  // namespace

std::string status_page(const evidence_format::VerifierKey& key, const std::vector<Remembered>& logs,
                        Instant now) {
  std::string rows;
  for (const Remembered& log : logs) rows += row(log);
  if (rows.empty()) {
    rows =
        "<tr><td colspan=\"5\" class=\"quiet\">没有见证任何日志 no log is watched: "
        "<code>mingjian witness trust --help</code></td></tr>\n";
  }
  return fmt::format(
      "<!doctype html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width\"><title>见证方 Witness {}</title>"
      "<style>{}</style></head><body>\n"
      "<h1>见证方 Witness {}</h1>\n"
      "<p>本服务记住每个存证日志的最新检查点，只对其延续签名。<br>"
      "This service remembers the newest checkpoint of each evidence log and signs only what extends it.</p>\n"
      "<p>公钥 Verifier key<br><code>{}</code></p>\n"
      "<table><thead><tr><th>日志 Log</th><th>条目数 Entries</th><th>见证时间 Cosigned</th>"
      "<th>签名次数 Signatures</th><th>状态 State</th></tr></thead><tbody>\n{}</tbody></table>\n"
      "<p class=\"quiet\">{} · <a href=\"/api/status\">JSON</a> · c2sp.org/tlog-witness</p>\n</body></html>\n",
      escape_html(key.name), kStyle, escape_html(key.name), escape_html(key.text()), rows, to_iso(now));
}

}  // namespace mj::witness
