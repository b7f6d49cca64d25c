#include <nlohmann/json.hpp>

#include "day.hpp"
#include "mj/custody/custody_book.hpp"
#include "mj/evidence_format/entry.hpp"
#include "mj/evidence_format/merkle.hpp"
#include "statement_json.hpp"

namespace mj::custody {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kKind = "device.day";
constexpr int kVersion = 1;
/// Room for the payload beside the other fields of an entry.
constexpr std::size_t kMaxPayload = evidence_format::kMaxEntryBytes - 1024;

Json series_json(const DayStatement& statement) {
  Json list = Json::array();
  for (const SeriesDay& each : statement.series) {
    list.push_back(Json{{"st", each.st},
                        {"cn", each.cn},
                        {"factor", each.factor},
                        {"kind", each.kind},
                        {"expected", each.expected},
                        {"received", each.received}});
  }
  return list;
}

Json gaps_json(const DayStatement& statement) {
  Json list = Json::array();
  for (const Gap& gap : statement.gaps) {
    list.push_back(Json{{"st", gap.st},
                        {"cn", gap.cn},
                        {"from", to_iso(gap.from)},
                        {"to", to_iso(gap.to)},
                        {"intervals", gap.intervals},
                        {"explained_by", gap.explained_by ? Json(*gap.explained_by) : Json(nullptr)}});
  }
  return list;
}

Digest digest_of(const Json& json) {
  const auto bytes = from_base64(json.get_ref<const std::string&>());
  Digest digest{};
  if (!bytes || bytes->size() != digest.size()) throw std::invalid_argument("a hash has 32 bytes in Base64");
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

Instant time_of(const Json& json) {
  const auto at = parse_iso(json.get_ref<const std::string&>());
  if (!at) throw std::invalid_argument("a time cannot be read");
  return *at;
}

DayStatement read(const Json& json) {
  if (json.at("kind") != kKind || json.at("version") != kVersion)
    throw std::invalid_argument("it is no device.day of version 1");
  DayStatement statement;
  statement.device = json.at("device");
  statement.day = time_of(json.at("day"));
  statement.revision = json.at("revision");
  statement.from = json.at("from");
  statement.to = json.at("to");
  statement.count = json.at("count");
  statement.sequence = json.at("sequence");
  statement.chain_before = digest_of(json.at("chain_before"));
  statement.chain_after = digest_of(json.at("chain_after"));
  for (const Json& each : json.at("series")) {
    statement.series.push_back({each.at("st"), each.at("cn"), each.at("factor"), each.at("kind"),
                                each.at("expected"), each.at("received")});
  }
  for (const Json& each : json.at("gaps")) {
    Gap gap{each.at("cn"), time_of(each.at("from")), time_of(each.at("to")), each.at("intervals"), {},
            each.at("st")};
    if (!each.at("explained_by").is_null()) gap.explained_by = each.at("explained_by").get<std::uint64_t>();
    statement.gaps.push_back(std::move(gap));
  }
  statement.more_series = json.at("more_series");
  statement.more_gaps = json.at("more_gaps");
  if (statement.revision == 0 || statement.from > statement.to || statement.count > statement.to - statement.from)
    throw std::invalid_argument("its numbers contradict one another");
  return statement;
}

}  // namespace

std::string to_json(const DayStatement& statement) {
  const Json json{{"kind", kKind},
                  {"version", kVersion},
                  {"device", statement.device},
                  {"day", day_text(statement.day)},
                  {"revision", statement.revision},
                  {"from", statement.from},
                  {"to", statement.to},
                  {"count", statement.count},
                  {"sequence", statement.sequence},
                  {"chain_before", to_base64(statement.chain_before)},
                  {"chain_after", to_base64(statement.chain_after)},
                  {"series", series_json(statement)},
                  {"more_series", statement.more_series},
                  {"gaps", gaps_json(statement)},
                  {"more_gaps", statement.more_gaps}};
  // What is no UTF-8 cannot get here from the book; a caller's mistake must still give JSON.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<DayStatement> parse_statement(std::string_view json) {
  try {
    DayStatement statement = read(Json::parse(json));
    // One spelling of one statement: members in order, none unknown, none twice.
    if (to_json(statement) != json) return Error(ErrorCode::damaged, "a device.day statement is not canonical");
    return statement;
  } catch (const std::exception& failure) {
    return Error(ErrorCode::damaged, fmt::format("a device.day statement cannot be read: {}", failure.what()));
  }
}

std::string figures_digest(const DayStatement& statement) {
  const std::string text = fmt::format("{}\n{}\n{}\n{}", series_json(statement).dump(), statement.more_series,
                                       gaps_json(statement).dump(), statement.more_gaps);
  return to_hex(evidence_format::sha256(as_bytes(text)));
}

std::string to_fitting_json(DayStatement& statement) {
  std::string json = to_json(statement);
  while (json.size() > kMaxPayload && !(statement.gaps.empty() && statement.series.empty())) {
    auto cut = [](auto& list, std::uint64_t& more) {
      const std::size_t kept = list.size() / 2;
      more += list.size() - kept;
      list.erase(list.begin() + static_cast<std::ptrdiff_t>(kept), list.end());
    };
    if (!statement.gaps.empty()) {
      cut(statement.gaps, statement.more_gaps);
    } else {
      cut(statement.series, statement.more_series);
    }
    json = to_json(statement);
  }
  return json;
}

}  // namespace mj::custody
