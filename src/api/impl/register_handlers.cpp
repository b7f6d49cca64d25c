#include <algorithm>

#include <fmt/format.h>

#include "handlers.hpp"
#include "json_body.hpp"
#include "register_json.hpp"

namespace mj::api {
namespace {

constexpr std::uint64_t kUsualRecords = 500;
constexpr std::uint64_t kMostRecords = 20'000;
constexpr std::uint64_t kMostOffset = 10'000'000;
constexpr std::uint64_t kMostDistanceM = 100'000;
constexpr std::uint64_t kMostPlacesAcross = 1'000'000;
constexpr std::string_view kGeoJson = "application/geo+json";
constexpr std::string_view kWorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

Result<registry::Book*> book_of(const Context& context) {
  if (context.services.register_book == nullptr) {
    return Error(ErrorCode::unavailable, "this server keeps no register");
  }
  return context.services.register_book;
}

Result<const registry::KindSchema*> kind_of(const registry::Book& book, std::string_view given) {
  const registry::KindSchema* kind = book.schema().find(given);
  if (kind != nullptr) return kind;
  std::string known;
  for (const registry::KindSchema& each : book.schema().kinds()) {
    known += fmt::format("{}{}", known.empty() ? "" : ", ", each.id);
  }
  return Error(ErrorCode::not_found, fmt::format("the register has no kind \"{}\"; it has {}", given, known));
}

Result<std::optional<registry::Day>> day_if_given(const Call& call, std::string_view parameter) {
  const auto given = call.query.find(parameter);
  if (!given) return std::optional<registry::Day>();
  const auto day = registry::parse_day(*given);
  if (!day) return wrong_parameter(parameter, fmt::format("must be a day such as 2026-03-01, not \"{}\"", *given));
  return day;
}

registry::Day today(const Context& context) { return registry::Day::of(context.services.clock()); }

Result<registry::AsOf> as_of(const Context& context, const Call& call) {
  registry::AsOf asked;
  MJ_TRY(const auto day, day_if_given(call, "as_of"));
  asked.day = day.value_or(today(context));
  MJ_TRY(asked.known_at, call.query.whole_if_given("known_at"));
  return asked;
}

/// "key:value,key:value".
Status take_equal(const registry::KindSchema& kind, std::string_view given, registry::RecordFilter& filter) {
  while (!given.empty()) {
    const std::size_t comma = given.find(',');
    const std::string_view pair = given.substr(0, comma);
    given = comma == std::string_view::npos ? std::string_view() : given.substr(comma + 1);
    const std::size_t colon = pair.find(':');
    const std::string_view key = pair.substr(0, colon);
    if (colon == std::string_view::npos || kind.find(key) == nullptr) {
      return wrong_parameter("attribute", fmt::format("\"{}\" is no key:value of a {}", pair, kind.id));
    }
    filter.equal.insert_or_assign(std::string(key), std::string(pair.substr(colon + 1)));
  }
  return {};
}

Result<registry::RecordFilter> filter_of(const registry::KindSchema& kind, const Call& call) {
  registry::RecordFilter filter;
  filter.text = call.query.find("q").value_or("");
  filter.region = call.query.find("region").value_or("");
  if (const auto element = call.query.find("element")) {
    const registry::AttributeSchema* attribute = kind.find("element");
    if (attribute == nullptr) return wrong_parameter("element", fmt::format("a {} has no element", kind.id));
    if (attribute->word(*element) == nullptr) {
      return wrong_parameter("element", fmt::format("there is no element \"{}\"", *element));
    }
    filter.equal.emplace("element", *element);
  }
  if (const auto state = call.query.find("state")) {
    filter.state = registry::parse_state(*state);
    if (!filter.state) return wrong_parameter("state", "must be active, planned or stopped");
  }
  MJ_CHECK(take_equal(kind, call.query.find("attribute").value_or(""), filter));
  return filter;
}

Result<std::optional<registry::Approval>> approval_of(const Call& call) {
  const auto document = call.query.find("document");
  const auto authority = call.query.find("authority");
  MJ_TRY(const auto date, day_if_given(call, "date"));
  if (!document && !authority && !date) return std::optional<registry::Approval>();
  return std::optional(registry::Approval{document.value_or(""), authority.value_or(""), date});
}

Result<std::optional<registry::Approval>> approval_of(const Json& json) {
  registry::Approval approval;
  if (!json.is_object()) return wrong_member("approval", "must be an object");
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) return wrong_member("approval." + key, "must be a text");
    const auto text = value.get<std::string>();
    if (key == "document") {
      approval.document = text;
    } else if (key == "authority") {
      approval.authority = text;
    } else if (key == "date") {
      approval.date = registry::parse_day(text);
      if (!approval.date) return wrong_member("approval.date", "must be a day such as 2026-03-01");
    } else {
      return wrong_member("approval." + key, "is not known");
    }
  }
  return std::optional(std::move(approval));
}

/// What a person wants to happen to a record.
Result<registry::Change> change_of(const Context& context, const JsonBody& body) {
  registry::Change change;
  MJ_TRY(const auto action, body.text_if_given("action"));
  if (action) {
    change.action = registry::parse_action(*action);
    if (!change.action) return wrong_member("action", "must be add, change, move, stop or resume");
  }
  MJ_TRY(const auto effective, body.text_if_given("effective"));
  const auto day = effective ? registry::parse_day(*effective) : std::optional(today(context));
  if (!day) return wrong_member("effective", "must be a day such as 2026-03-01");
  change.effective = *day;
  if (const Json* set = body.find("set"); set != nullptr) {
    if (!set->is_object()) return wrong_member("set", "must be an object");
    for (const auto& [key, value] : set->items()) {
      if (!value.is_string()) return wrong_member("set." + key, "must be a text");
      change.set.emplace(key, value.get<std::string>());
    }
  }
  if (const Json* clear = body.find("clear"); clear != nullptr) {
    if (!clear->is_array()) return wrong_member("clear", "must be a list");
    for (const Json& key : *clear) {
      if (!key.is_string()) return wrong_member("clear", "must be a list of texts");
      change.clear.push_back(key.get<std::string>());
    }
  }
  return change;
}

}  // namespace

Result<Answer> get_register(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"as_of"}));
  MJ_TRY(const registry::Book* book, book_of(context));
  MJ_TRY(const registry::AsOf asked, as_of(context, call));
  return json_answer(to_text(register_json(*book, asked.day)));
}

Result<Answer> list_register_hints(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"as_of", "element", "distance_m"}));
  MJ_TRY(const registry::Book* book, book_of(context));
  MJ_TRY(const registry::AsOf asked, as_of(context, call));
  const std::string element = call.query.find("element").value_or("");
  if (!element.empty() && book->schema().duplicate_rule(element) == nullptr) {
    return wrong_parameter("element", fmt::format("there is no rule for element \"{}\"", element));
  }
  std::optional<double> distance;
  if (call.query.find("distance_m")) {
    MJ_TRY(const std::uint64_t metres, call.query.whole("distance_m", 0, kMostDistanceM, 0));
    distance = static_cast<double>(metres);
  }
  Json list = Json::array();
  for (const registry::Hint& hint : book->duplicates(asked.day, element, distance)) {
    list.push_back(hint_json(*book, asked.day, hint));
  }
  return json_answer(to_text(list));
}

Result<Answer> get_register_geometry(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"as_of", "kind", "parent", "across"}));
  MJ_TRY(const registry::Book* book, book_of(context));
  MJ_TRY(const registry::AsOf asked, as_of(context, call));
  MJ_TRY(const std::string given, call.query.text("kind"));
  MJ_TRY(const registry::KindSchema* kind, kind_of(*book, given));
  if (kind->first(registry::AttributeType::geometry) == nullptr) {
    return wrong_parameter("kind", fmt::format("a {} has no geometry", kind->id));
  }
  registry::RecordFilter filter;
  if (const auto parent = call.query.find("parent")) {
    if (kind->find("parent") == nullptr)
      return wrong_parameter("parent", fmt::format("a {} has no parent", kind->id));
    filter.equal.emplace("parent", *parent);
  }
  std::optional<unsigned> across;
  if (call.query.find("across")) {
    MJ_TRY(const std::uint64_t places, call.query.whole("across", 1, kMostPlacesAcross, 0));
    across = static_cast<unsigned>(places);
  }
  Answer answer = json_answer(to_text(geometry_json(*kind, book->records(kind->id, asked, filter), across)));
  answer.content_type = kGeoJson;
  return answer;
}

Result<Answer> list_records(Context& context, const Call& call) {
  MJ_CHECK(
      call.query.only({"as_of", "known_at", "q", "region", "element", "state", "attribute", "limit", "offset"}));
  MJ_TRY(const registry::Book* book, book_of(context));
  MJ_TRY(const registry::KindSchema* kind, kind_of(*book, call.at("kind")));
  MJ_TRY(const registry::AsOf asked, as_of(context, call));
  MJ_TRY(const registry::RecordFilter filter, filter_of(*kind, call));
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMostRecords, kUsualRecords));
  MJ_TRY(const std::uint64_t offset, call.query.whole("offset", 0, kMostOffset, 0));
  const auto records = book->records(kind->id, asked, filter);
  Json rows = Json::array();
  for (std::size_t i = offset; i < records.size() && rows.size() < limit; ++i) {
    rows.push_back(record_json(*kind, records[i], false));
  }
  return json_answer(to_text(
      Json{{"as_of", registry::to_text(asked.day)}, {"total", records.size()}, {"rows", std::move(rows)}}));
}

Result<Answer> get_record(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"as_of", "known_at"}));
  MJ_TRY(const registry::Book* book, book_of(context));
  MJ_TRY(const registry::KindSchema* kind, kind_of(*book, call.at("kind")));
  MJ_TRY(const registry::AsOf asked, as_of(context, call));
  const std::string& id = call.at("id");
  if (!book->knows(kind->id, id)) {
    return Error(ErrorCode::not_found, fmt::format("there is no {} \"{}\"", kind->id, id));
  }
  return json_answer(to_text(record_detail_json(*book, *kind, id, asked)));
}

Result<Answer> change_record(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(registry::Book * book, book_of(context));
  MJ_TRY(const registry::KindSchema* kind, kind_of(*book, call.at("kind")));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_CHECK(body.only({"action", "effective", "set", "clear", "approval", "name", "reason"}));
  MJ_TRY(registry::Change change, change_of(context, body));
  change.kind = kind->id;
  change.id = call.at("id");
  std::optional<registry::Approval> approval;
  if (const Json* given = body.find("approval"); given != nullptr && !given->is_null()) {
    MJ_TRY(approval, approval_of(*given));
  }
  registry::Author author;
  MJ_TRY(author.name, body.text("name"));
  MJ_TRY(author.reason, body.text("reason"));
  MJ_TRY(const registry::Applied applied,
         book->apply(context.services.log, std::span(&change, 1), approval, author, context.services.clock()));
  return json_answer(to_text(record_detail_json(*book, *kind, change.id, {change.effective, {}})));
}

Result<Answer> import_records(Context& context, const Call& call) {
  MJ_CHECK(
      call.query.only({"dry_run", "skip_bad", "effective", "name", "reason", "document", "authority", "date"}));
  MJ_TRY(registry::Book * book, book_of(context));
  MJ_TRY(const registry::KindSchema* kind, kind_of(*book, call.at("kind")));
  registry::RecordImport wanted;
  wanted.kind = kind->id;
  wanted.bytes = call.request->body;
  MJ_TRY(const auto effective, day_if_given(call, "effective"));
  wanted.effective = effective.value_or(today(context));
  MJ_TRY(wanted.approval, approval_of(call));
  MJ_TRY(const auto dry_run, call.query.flag_if_given("dry_run"));
  MJ_TRY(const auto skip_bad, call.query.flag_if_given("skip_bad"));
  wanted.dry_run = dry_run.value_or(true);
  wanted.skip_bad = skip_bad.value_or(false);
  wanted.author = {call.query.find("name").value_or(""), call.query.find("reason").value_or("")};
  MJ_TRY(const registry::ImportReport report,
         registry::import_records(*book, context.services.log, wanted, context.services.clock()));
  return json_answer(to_text(report_json(*book, wanted.effective, report)));
}

Result<Answer> export_records(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"as_of", "format", "titles", "q", "region", "element", "state"}));
  MJ_TRY(const registry::Book* book, book_of(context));
  MJ_TRY(const registry::KindSchema* kind, kind_of(*book, call.at("kind")));
  MJ_TRY(const registry::AsOf asked, as_of(context, call));
  MJ_TRY(const registry::RecordFilter filter, filter_of(*kind, call));
  const std::string format = call.query.find("format").value_or("csv");
  if (format != "csv" && format != "xlsx") return wrong_parameter("format", "must be csv or xlsx");
  const std::string titles = call.query.find("titles").value_or("key");
  if (titles != "key" && titles != "zh" && titles != "en")
    return wrong_parameter("titles", "must be key, zh or en");
  MJ_TRY(std::string bytes,
         registry::export_records(*kind, book->records(kind->id, asked, filter),
                                  format == "csv" ? registry::TableFormat::csv : registry::TableFormat::xlsx,
                                  titles == "zh"   ? registry::TableTitles::zh
                                  : titles == "en" ? registry::TableTitles::en
                                                   : registry::TableTitles::key));
  Answer answer = json_answer(std::move(bytes));
  answer.content_type = format == "csv" ? "text/csv; charset=utf-8" : std::string(kWorkbookType);
  answer.headers.push_back({"Content-Disposition", fmt::format("attachment; filename=\"mingjian-{}-{}.{}\"",
                                                               kind->id, registry::to_text(asked.day), format)});
  return answer;
}

}  // namespace mj::api
