#include <algorithm>

#include <fmt/format.h>

#include "handlers.hpp"
#include "mj/kernel/text.hpp"
#include "standards_json.hpp"

namespace mj::api {
namespace {

constexpr std::size_t kMostQuestion = 200;  ///< characters

/// A day of a query, if it is given.
Result<std::optional<Instant>> at_if_given(const Call& call) {
  if (!call.query.find("at")) return std::optional<Instant>();
  MJ_TRY(const Instant at, call.query.time("at"));
  return std::optional(at);
}

Result<std::optional<standards::Verification>> verification_if_given(const Call& call) {
  const auto text = call.query.find("verification");
  if (!text) return std::optional<standards::Verification>();
  const auto state = standards::parse_verification(*text);
  if (!state)
    return wrong_parameter(
        "verification", fmt::format("must be VERIFIED, THIRD_PARTY, INFERRED or UNVERIFIED, not \"{}\"", *text));
  return state;
}

/// Whether the edition has a table of the kind with a row of the state; none of either = any.
bool has_rows(const standards::StandardSet& set, const standards::Edition& edition,
              const std::optional<std::string>& kind, const std::optional<standards::Verification>& state) {
  if (!kind && !state) return true;
  return std::ranges::any_of(set.tables(), [&](const standards::Table& table) {
    if (table.edition != edition.id || (kind && table.kind != *kind)) return false;
    return !state || std::ranges::any_of(table.rows, [&](const standards::TableRow& row) {
      return row.replaced_by.empty() && row.verification == *state;
    });
  });
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c != ' ' && c != '\t') {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

}  // namespace

Result<Answer> list_standards(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"at", "kind", "verification"}));
  MJ_TRY(const auto at, at_if_given(call));
  MJ_TRY(const auto state, verification_if_given(call));
  const auto kind = call.query.find("kind");
  const standards::StandardSet& set = context.services.standards;
  std::vector<const standards::Edition*> editions;
  for (const standards::Edition& edition : set.editions()) {
    if ((!at || edition.validity.contains(*at)) && has_rows(set, edition, kind, state))
      editions.push_back(&edition);
  }
  std::sort(editions.begin(), editions.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  Json rows = Json::array();
  for (const standards::Edition* edition : editions)
    rows.push_back(standard_edition_json(set, *edition, context.services.clock()));
  return json_answer(to_text(Json{{"digest", set.digest()}, {"editions", std::move(rows)}}));
}

Result<Answer> get_standard(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"kind", "at"}));
  MJ_TRY(const auto at, at_if_given(call));
  const standards::StandardSet& set = context.services.standards;
  const standards::Edition* edition = set.edition(call.at("id"));
  if (edition == nullptr)
    return Error(ErrorCode::not_found,
                 fmt::format("there is no edition \"{}\"; GET /api/standards names them all", call.at("id")));
  const auto kind = call.query.find("kind");
  Json tables = Json::array();
  for (const standards::Table& table : set.tables()) {
    if (table.edition == edition->id && (!kind || table.kind == *kind))
      tables.push_back(standard_table_json(table, at));
  }
  return json_answer(to_text(Json{{"edition", standard_edition_json(set, *edition, context.services.clock())},
                                  {"tables", std::move(tables)}}));
}

Result<Answer> search_standards(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"q", "at", "limit"}));
  MJ_TRY(const std::string text, call.query.text("q"));
  MJ_TRY(const std::string question, clean_text(text, kMostQuestion, "q"));
  MJ_TRY(const auto at, at_if_given(call));
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMaxLimit, kDefaultLimit));
  return json_answer(to_text(
      standard_hits_json(context.services.standards, words_of(question), at, static_cast<std::size_t>(limit))));
}

}  // namespace mj::api
