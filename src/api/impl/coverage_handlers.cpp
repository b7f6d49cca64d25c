#include "coverage_json.hpp"
#include "handlers.hpp"
#include "json_body.hpp"
#include "mj/coverage/tables.hpp"
#include "mj/kernel/decimal.hpp"
#include "mj/workbook/sheet.hpp"

namespace mj::api {
namespace {

constexpr const char* kXlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// From how many days of the past the fall of correlation with distance is taken when sites are planned.
constexpr std::int64_t kDecayMs = 90LL * 24 * 3'600'000;

Result<const coverage::Planning*> planning_of(const Services& services) {
  if (services.coverage == nullptr) return Error(ErrorCode::unavailable, "this server has no planning rules");
  return services.coverage;
}

Result<registry::Day> day_of(const std::optional<std::string>& written, const Services& services, bool member) {
  if (!written) return registry::Day::of(services.clock());
  const auto day = registry::parse_day(*written);
  const auto* text = "must be a day such as 2026-03-01";
  if (!day) return member ? wrong_member("as_of", text) : wrong_parameter("as_of", text);
  return *day;
}

/// A decimal within bounds, `otherwise` when it is not given.
Result<double> number_of(const Call& call, std::string_view name, double least, double most, double otherwise) {
  const auto written = call.query.find(name);
  if (!written) return otherwise;
  const auto value = parse_decimal(*written);
  if (!value || to_double(*value) < least || to_double(*value) > most)
    return wrong_parameter(name, fmt::format("must be a number from {:g} to {:g}", least, most));
  return to_double(*value);
}

/// One of a few words, the first when it is not given.
Result<std::string> word_of(const std::optional<std::string>& written, std::string_view name,
                            std::initializer_list<std::string_view> words, bool member = false) {
  if (!written) return std::string(*words.begin());
  if (std::find(words.begin(), words.end(), *written) != words.end()) return *written;
  const std::string text = fmt::format("must be one of {}", fmt::join(words, ", "));
  return member ? wrong_member(name, text) : wrong_parameter(name, text);
}

Answer file_answer(std::string body, const char* type, std::string_view name) {
  Answer answer;
  answer.content_type = type;
  answer.body = std::move(body);
  answer.headers.push_back({"Content-Disposition", fmt::format("attachment; filename=\"{}\"", name)});
  return answer;
}

Status known_region(const coverage::Inventory& inventory, const std::string& region) {
  if (region.empty() || inventory.find("region", region) != nullptr) return {};
  return Error(ErrorCode::not_found, fmt::format("the register has no region {}", region));
}

Result<double> number_member(const JsonBody& body, const char* member, double otherwise) {
  const Json* value = body.find(member);
  if (value == nullptr) return otherwise;
  if (!value->is_number()) return wrong_member(member, "must be a number");
  return value->get<double>();
}

Result<std::vector<coverage::Candidate>> candidates_of(const JsonBody& body) {
  std::vector<coverage::Candidate> candidates;
  const Json* list = body.find("candidates");
  if (list == nullptr) return candidates;
  if (!list->is_array()) return wrong_member("candidates", "must be a list");
  for (std::size_t i = 0; i < list->size(); ++i) {
    MJ_TRY(const JsonBody each, JsonBody::parse((*list)[i].dump()));
    MJ_CHECK(each.only({"id", "lon", "lat"}));
    MJ_TRY(std::string id, each.text("id"));
    const Json* lon = each.find("lon");
    const Json* lat = each.find("lat");
    if (lon == nullptr || lat == nullptr || !lon->is_number() || !lat->is_number())
      return wrong_member(fmt::format("candidates[{}]", i), "must have lon and lat as numbers");
    candidates.push_back({std::move(id), {lon->get<double>(), lat->get<double>()}});
  }
  return candidates;
}

/// Of when the newest mean of a factor at the points of an element is; none without values.
std::optional<Instant> newest_mean(const Services& services, const coverage::Inventory& inventory,
                                   const std::string& element, const std::string& factor) {
  std::optional<Instant> newest;
  for (const telemetry::Latest& latest : services.store.latest_all()) {
    const standards::Factor* known = services.standards.factor(latest.key.factor);
    if (latest.key.kind != "Avg" || (known == nullptr ? latest.key.factor : known->code) != factor) continue;
    const registry::PointView* point = inventory.points().find_reporter(latest.key.device);
    if (point == nullptr || point->element != element) continue;
    if (!newest || latest.observation.at > *newest) newest = latest.observation.at;
  }
  return newest;
}

/// How fast correlation falls with distance between the points that there are, over the last days of which there are values.
/// Without values nothing is expected.
void expect_correlation(const Services& services, const coverage::Inventory& inventory,
                        coverage::SitingRequest& request) {
  if (request.factor.empty()) return;
  const auto newest = newest_mean(services, inventory, request.element, request.factor);
  if (!newest) return;
  coverage::RedundancyRequest wanted;
  wanted.element = request.element;
  wanted.factor = request.factor;
  wanted.to = std::min(services.clock(), Instant::from_ms(newest->ms() + 1));
  wanted.from = Instant::from_ms(wanted.to.ms() - kDecayMs);
  wanted.distance_km = 200;
  // Days say more than hours, but a young network has few of them.
  for (const coverage::Bucket bucket : {coverage::Bucket::day, coverage::Bucket::hour}) {
    wanted.bucket = bucket;
    const auto found = coverage::find_redundancy(inventory, services.store, services.standards, wanted);
    if (!found || !found->decay_km) continue;
    request.decay_km = found->decay_km;
    request.decay_until = registry::Day::of(*newest);
    return;
  }
}

Result<coverage::SitingRequest> siting_request(const JsonBody& body) {
  MJ_CHECK(body.only({"element", "factor", "as_of", "region", "k", "radius_km", "weight", "method",
                      "overlap_penalty", "count_planned", "candidates", "grid_km"}));
  coverage::SitingRequest request;
  MJ_TRY(request.element, body.text("element"));
  MJ_TRY(const auto factor, body.text_if_given("factor"));
  request.factor = factor.value_or("");
  MJ_TRY(const auto region, body.text_if_given("region"));
  request.region = region.value_or("");
  MJ_TRY(const auto k, body.whole_if_given("k", 1, coverage::kMaxSites));
  if (!k) return wrong_member("k", "must be given: how many sites");
  request.k = static_cast<int>(*k);
  if (body.find("radius_km") == nullptr)
    return wrong_member("radius_km", "must be given: what a point stands for");
  MJ_TRY(request.radius_km, number_member(body, "radius_km", 0));
  MJ_TRY(const auto weight, body.text_if_given("weight"));
  MJ_TRY(const std::string weight_word, word_of(weight, "weight", {"area", "population"}, true));
  request.weight = weight_word == "area" ? coverage::Weight::area : coverage::Weight::population;
  MJ_TRY(const auto method, body.text_if_given("method"));
  MJ_TRY(const std::string method_word, word_of(method, "method", {"auto", "greedy", "exact"}, true));
  request.method = method_word == "exact"    ? coverage::SitingMethod::exact
                   : method_word == "greedy" ? coverage::SitingMethod::greedy
                                             : coverage::SitingMethod::automatic;
  MJ_TRY(request.overlap_penalty, number_member(body, "overlap_penalty", request.overlap_penalty));
  MJ_TRY(const auto planned, body.flag_if_given("count_planned"));
  request.count_planned = planned.value_or(true);
  MJ_TRY(request.candidates, candidates_of(body));
  if (body.find("grid_km") != nullptr) {
    MJ_TRY(request.grid_km, number_member(body, "grid_km", 0));
  }
  return request;
}

}  // namespace

Result<Answer> get_coverage(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"as_of", "rule", "element", "region", "only", "format"}));
  MJ_TRY(const coverage::Planning* planning, planning_of(context.services));
  MJ_TRY(const registry::Day day, day_of(call.query.find("as_of"), context.services, false));
  MJ_TRY(const std::string only, word_of(call.query.find("only"), "only", {"all", "gap"}));
  MJ_TRY(const std::string format, word_of(call.query.find("format"), "format", {"json", "csv", "xlsx"}));
  const coverage::RowFilter filter{call.query.find("rule").value_or(""), call.query.find("element").value_or(""),
                                   call.query.find("region").value_or(""), only == "gap"};
  if (!filter.rule.empty() && planning->rules().find(filter.rule) == nullptr)
    return Error(ErrorCode::not_found, fmt::format("there is no planning rule {}", filter.rule));
  const auto whole = planning->on(day);
  MJ_CHECK(known_region(*whole->inventory, filter.region));
  const coverage::Assessment some = whole->filtered(filter);
  const std::string name = fmt::format("mingjian-coverage-{}.{}", to_text(day), format);
  if (format == "csv")
    return file_answer(workbook::write_csv(coverage::rows_table(some)), "text/csv; charset=utf-8", name);
  if (format == "xlsx") {
    const std::vector<workbook::Sheet> sheets{coverage::rows_table(some), coverage::rules_table(some)};
    MJ_TRY(std::string bytes, workbook::write_xlsx(sheets));
    return file_answer(std::move(bytes), kXlsx, name);
  }
  return json_answer(to_text(coverage_json(some)));
}

Result<Answer> plan_sites(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const coverage::Planning* planning, planning_of(context.services));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_TRY(coverage::SitingRequest request, siting_request(body));
  MJ_TRY(const auto as_of, body.text_if_given("as_of"));
  MJ_TRY(const registry::Day day, day_of(as_of, context.services, true));
  const auto inventory = planning->inventory(day);
  expect_correlation(context.services, *inventory, request);
  MJ_TRY(const coverage::Siting siting, coverage::plan_sites(*inventory, std::move(request)));
  return json_answer(to_text(siting_json(siting)));
}

Result<Answer> get_redundancy(Context& context, const Call& call) {
  MJ_CHECK(call.query.only(
      {"as_of", "element", "factor", "from", "to", "bucket", "distance_km", "threshold", "region"}));
  MJ_TRY(const coverage::Planning* planning, planning_of(context.services));
  MJ_TRY(const registry::Day day, day_of(call.query.find("as_of"), context.services, false));
  coverage::RedundancyRequest request;
  MJ_TRY(request.element, call.query.text("element"));
  MJ_TRY(request.factor, call.query.text("factor"));
  MJ_TRY(request.from, call.query.time("from"));
  MJ_TRY(request.to, call.query.time("to"));
  if (request.to <= request.from) return wrong_parameter("to", "must be later than from");
  MJ_TRY(const std::string bucket, word_of(call.query.find("bucket"), "bucket", {"day", "hour"}));
  request.bucket = bucket == "day" ? coverage::Bucket::day : coverage::Bucket::hour;
  MJ_TRY(request.distance_km, number_of(call, "distance_km", 0.001, 500, request.distance_km));
  MJ_TRY(request.threshold, number_of(call, "threshold", -1, 1, request.threshold));
  request.region = call.query.find("region").value_or("");
  const auto inventory = planning->inventory(day);
  MJ_CHECK(known_region(*inventory, request.region));
  MJ_TRY(const coverage::Redundancy found,
         coverage::find_redundancy(*inventory, context.services.store, context.services.standards,
                                   std::move(request)));
  return json_answer(to_text(redundancy_json(found)));
}

}  // namespace mj::api
