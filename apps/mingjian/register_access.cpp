#include "register_access.hpp"

#include <algorithm>

#include "mj/runtime/clock.hpp"
#include "platform.hpp"
#include "registered.hpp"

namespace mj::app {
namespace {

constexpr std::size_t kMostListed = 20'000;

Result<registry::Day> day_of(const std::string& text) {
  if (text.empty()) return registry::Day::of(runtime::system_clock()());
  const auto day = registry::parse_day(text);
  if (!day) return Error(ErrorCode::invalid_input, fmt::format("\"{}\" is no day; write 2026-03-01", text));
  return *day;
}

registry::Day day_of(const Json& json) {
  return registry::parse_day(json.get<std::string>()).value_or(registry::Day());
}

std::shared_ptr<const registry::Approval> approval_of(const Json& json) {
  if (json.is_null()) return nullptr;
  registry::Approval approval{json.at("document").get<std::string>(), json.at("authority").get<std::string>(), {}};
  if (!json.at("date").is_null()) approval.date = day_of(json.at("date"));
  return std::make_shared<const registry::Approval>(std::move(approval));
}

registry::Attributes attributes_of(const Json& json) {
  registry::Attributes attributes;
  for (const auto& [key, value] : json.items()) attributes.emplace(key, value.get<std::string>());
  return attributes;
}

registry::Record record_of(const std::string& kind, const Json& json) {
  registry::Record record;
  record.kind = kind;
  record.id = json.at("id").get<std::string>();
  record.attributes = attributes_of(json.at("attributes"));
  record.valid_from = day_of(json.at("valid_from"));
  if (!json.at("valid_to").is_null()) record.valid_to = day_of(json.at("valid_to"));
  record.state =
      registry::parse_state(json.at("state").get<std::string>()).value_or(registry::RecordState::active);
  record.approval = approval_of(json.at("approval"));
  record.entry = json.at("entry").get<std::uint64_t>();
  return record;
}

registry::HistoryStep step_of(const Json& json) {
  registry::HistoryStep step;
  step.action = registry::parse_action(json.at("action").get<std::string>()).value_or(registry::Action::change);
  step.effective = day_of(json.at("effective"));
  step.set = attributes_of(json.at("set"));
  step.clear = json.at("clear").get<std::vector<std::string>>();
  step.approval = approval_of(json.at("approval"));
  step.author = std::make_shared<const registry::Author>(
      registry::Author{json.at("name").get<std::string>(), json.at("reason").get<std::string>()});
  step.at = parse_iso(json.at("at").get<std::string>()).value_or(Instant());
  step.entry = json.at("entry").get<std::uint64_t>();
  return step;
}

registry::Hint hint_of(const Json& json) {
  registry::Hint hint{json.at("a").get<std::string>(), json.at("b").get<std::string>(),
                      json.at("distance_m").get<double>(), registry::Hint::Why::near};
  for (const auto why :
       {registry::Hint::Why::near, registry::Hint::Why::same_owner, registry::Hint::Why::same_place,
        registry::Hint::Why::outside_region, registry::Hint::Why::swapped}) {
    if (json.at("why").get<std::string>() == registry::name(why)) hint.why = why;
  }
  return hint;
}

registry::ImportReport import_report_of(const Json& json) {
  registry::ImportReport report;
  report.dry_run = json.at("dry_run").get<bool>();
  report.entries = json.at("entries").get<std::vector<std::uint64_t>>();
  registry::Plan& plan = report.plan;
  plan.rows = json.at("rows").get<std::size_t>();
  plan.added = json.at("added").get<std::size_t>();
  plan.changed = json.at("changed").get<std::size_t>();
  plan.unchanged = json.at("unchanged").get<std::size_t>();
  plan.faulty_rows = json.at("faulty").get<std::size_t>();
  for (const Json& each : json.at("errors")) {
    plan.faults.push_back({each.at("row").get<std::size_t>(), each.at("line").get<std::size_t>(),
                           each.at("column").get<std::string>(), each.at("text").get<std::string>()});
  }
  for (const Json& each : json.at("hints")) plan.hints.push_back(hint_of(each));
  return report;
}

/// "?a=b&c=d" of what is not empty.
class QueryText {
 public:
  QueryText& add(std::string_view name, std::string_view value) {
    if (!value.empty()) text_ += fmt::format("{}{}={}", text_.empty() ? "?" : "&", name, ApiClient::escape(value));
    return *this;
  }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

QueryText query_of(const RecordQuestion& question) {
  QueryText query;
  query.add("as_of", question.as_of).add("q", question.filter.text).add("region", question.filter.region);
  if (const auto element = question.filter.equal.find("element"); element != question.filter.equal.end()) {
    query.add("element", element->second);
  }
  if (question.filter.state) query.add("state", registry::name(*question.filter.state));
  return query;
}

Error no_such(std::string_view kind, std::string_view id) {
  return {ErrorCode::not_found, id.empty() ? fmt::format("there is no kind \"{}\"", kind)
                                           : fmt::format("there is no {} \"{}\"", kind, id)};
}

}  // namespace

Result<RegisterAccess> RegisterAccess::of_server(const std::string& url) {
  RegisterAccess access;
  MJ_TRY(access.server_, ApiClient::connect(url));
  return access;
}

Result<RegisterAccess> RegisterAccess::of_directory(const std::string& data, const std::string& share) {
  const DataDirectory directory{data};
  if (!std::filesystem::exists(directory.evidence())) {
    return Error(ErrorCode::not_found,
                 fmt::format("{} holds no evidence log; name the data directory of a server", data));
  }
  RegisterAccess access;
  access.local_ = std::make_unique<Local>();
  MJ_TRY(const std::filesystem::path found, find_share(share));
  MJ_TRY(access.local_->schema, registry::RegisterSchema::load(found / "rules" / "register.toml"));
  MJ_TRY(access.local_->log, open_log(directory));
  MJ_TRY(access.local_->book, open_register(directory.records(), access.local_->schema, *access.local_->log));
  return access;
}

Result<std::vector<registry::Record>> RegisterAccess::list(const RecordQuestion& question) const {
  if (local_) {
    if (local_->schema.find(question.kind) == nullptr) return no_such(question.kind, {});
    MJ_TRY(const registry::Day day, day_of(question.as_of));
    return local_->book->records(question.kind, {day, {}}, question.filter);
  }
  const std::string query = query_of(question).add("limit", fmt::format("{}", kMostListed)).text();
  MJ_TRY(const Json json,
         server_->get(fmt::format("/api/register/{}{}", ApiClient::escape(question.kind), query)));
  std::vector<registry::Record> records;
  for (const Json& row : json.at("rows")) records.push_back(record_of(question.kind, row));
  return records;
}

Result<RecordAnswer> RegisterAccess::show(const std::string& kind, const std::string& id,
                                          const std::string& as_of) const {
  RecordAnswer answer;
  if (local_) {
    if (!local_->book->knows(kind, id)) return no_such(kind, id);
    MJ_TRY(const registry::Day day, day_of(as_of));
    answer.record = local_->book->record(kind, id, {day, {}});
    answer.history = local_->book->history(kind, id);
    std::reverse(answer.history.begin(), answer.history.end());
    return answer;
  }
  MJ_TRY(const Json json,
         server_->get(fmt::format("/api/register/{}/{}{}", ApiClient::escape(kind), ApiClient::escape(id),
                                  QueryText().add("as_of", as_of).text())));
  if (!json.at("record").is_null()) answer.record = record_of(kind, json.at("record"));
  for (const Json& step : json.at("history")) answer.history.push_back(step_of(step));
  return answer;
}

Result<std::vector<registry::Hint>> RegisterAccess::duplicates(const std::string& as_of,
                                                               const std::string& element,
                                                               std::optional<double> distance_m) const {
  if (local_) {
    MJ_TRY(const registry::Day day, day_of(as_of));
    return local_->book->duplicates(day, element, distance_m);
  }
  QueryText query;
  query.add("as_of", as_of).add("element", element);
  if (distance_m) query.add("distance_m", fmt::format("{:.0f}", *distance_m));
  MJ_TRY(const Json json, server_->get("/api/register/duplicates" + query.text()));
  std::vector<registry::Hint> hints;
  for (const Json& each : json) hints.push_back(hint_of(each));
  return hints;
}

Result<registry::ImportReport> RegisterAccess::import(const registry::RecordImport& wanted) const {
  if (local_) {
    return registry::import_records(*local_->book, *local_->log, wanted, runtime::system_clock()());
  }
  QueryText query;
  query.add("dry_run", wanted.dry_run ? "true" : "false").add("skip_bad", wanted.skip_bad ? "true" : "false");
  query.add("effective", registry::to_text(wanted.effective));
  query.add("name", wanted.author.name).add("reason", wanted.author.reason);
  if (wanted.approval) {
    query.add("document", wanted.approval->document).add("authority", wanted.approval->authority);
    if (wanted.approval->date) query.add("date", registry::to_text(*wanted.approval->date));
  }
  MJ_TRY(const Json json,
         server_->post_file(fmt::format("/api/register/{}/import{}", ApiClient::escape(wanted.kind), query.text()),
                            wanted.bytes));
  return import_report_of(json);
}

Result<std::string> RegisterAccess::export_table(const RecordQuestion& question, const std::string& format,
                                                 const std::string& titles) const {
  if (local_) {
    const registry::KindSchema* kind = local_->schema.find(question.kind);
    if (kind == nullptr) return no_such(question.kind, {});
    MJ_TRY(const auto records, list(question));
    return registry::export_records(*kind, records,
                                    format == "csv" ? registry::TableFormat::csv : registry::TableFormat::xlsx,
                                    titles == "zh"   ? registry::TableTitles::zh
                                    : titles == "en" ? registry::TableTitles::en
                                                     : registry::TableTitles::key);
  }
  const std::string query = query_of(question).add("format", format).add("titles", titles).text();
  return server_->get_text(fmt::format("/api/register/{}/export{}", ApiClient::escape(question.kind), query));
}

}  // namespace mj::app
