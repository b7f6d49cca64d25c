// Soil: the newest contents of a year against screening and intervention values, and indices.
#include "mj/assess/soil.hpp"

#include <cmath>

#include "element_sheet.hpp"
#include "elements.hpp"
#include "group_rates.hpp"
#include "mj/assess/rules_in_force.hpp"
#include "soil_sheet.hpp"

namespace mj::evaluation {
namespace {

constexpr std::array kSoilLevels{Level::district, Level::city, Level::province};
enum SoilIndicator : std::size_t { kSoilRisk, kSoilNemerow, kSoilSingle, kSoilSafeShare };

/// What the register says of the land; none when it is not one that has limits.
std::optional<assess::SoilSite> site_of(std::string_view land_use) {
  assess::SoilSite site;
  if (land_use.starts_with("construction_")) {
    site.farm = false;
    site.land_class = land_use == "construction_1" ? 1 : 2;
    return site;
  }
  if (land_use == "paddy") {
    site.land = "水田";
  } else if (land_use == "orchard") {
    site.land = "果园";
  } else if (land_use == "farm") {
    site.land = "其他";
  } else {
    return std::nullopt;
  }
  return site;
}

Grade risk_grade(assess::SoilRisk risk) {
  static constexpr std::array<std::array<std::string_view, 2>, 3> kNames{
      {{"未超筛选值", "At most the screening value"},
       {"超筛选值", "Above the screening value"},
       {"超管制值", "Above the intervention value"}}};
  const auto place = static_cast<std::size_t>(risk);
  return {std::string(name(risk)), {std::string(kNames[place][0]), std::string(kNames[place][1])}, "", place == 0};
}

class SoilYear {
 public:
  SoilYear(const Context& context, const PointValues& values, Sink& sink)
      : context_(context), values_(values), sink_(sink) {}

  Status emit(const EvaluationPeriod& year, const registry::PointView& view) {
    Row row = row_of(Level::point, values_.point->id(), year, kSoilRisk);
    auto site = site_of(view.land_use);
    if (!site) {
      if (values_.series.empty()) return {};
      row.complete = false;
      row.reason = "the register does not say which land it is";
      return sink_.emit(row);
    }
    const std::string_view table = site->farm ? "soil_farm_limits" : "soil_construction_limits";
    const SampleSeries* ph = nullptr;
    sheet_.reset();
    if (site->farm) {
      ph = item_series(context_, values_, span_of(year), table, "ph");
      if (ph != nullptr) site->ph = values_of_item(context_, *ph, "", year).newest;
    }
    if (Explanation* to = sink_.explains(year)) sheet_.emplace(context_, *to, year, *site, ph);
    std::vector<assess::SoilVerdict> verdicts;
    MJ_CHECK(judge_items(year, *site, table, verdicts, row));
    if (verdicts.empty()) {
      if (row.reason.empty()) return {};
      row.complete = false;
      return sink_.emit(row);
    }
    return emit_verdicts(year, verdicts, row);
  }

 private:
  Status judge_items(const EvaluationPeriod& year, const assess::SoilSite& site, std::string_view table,
                     std::vector<assess::SoilVerdict>& verdicts, Row& row) {
    std::vector<std::string> items;
    for (const auto* limit : assess::rows_in_force(context_.standards, table, judged_at(year))) {
      const std::string item(limit->text("item"));
      if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
    }
    for (const std::string& item : items) {
      const SampleSeries* series = item_series(context_, values_, span_of(year), table, item);
      if (series == nullptr) continue;
      const ValuesOfItem content = values_of_item(context_, *series, "mg/kg", year);
      if (!content.newest) continue;
      if (site.farm && !site.ph) {
        row.reason = "no pH: limits of farm land depend on it";
        continue;
      }
      MJ_TRY(auto verdict, assess::judge_soil(context_.standards, judged_at(year), site, item, *content.newest));
      if (!verdict) continue;
      verdict->verification = std::max(verdict->verification, content.verification);
      row.inputs.add(content.inputs);
      if (sheet_) sheet_->add(*series, *verdict, *content.newest);
      verdicts.push_back(*std::move(verdict));
    }
    return {};
  }

  Status emit_verdicts(const EvaluationPeriod& year, const std::vector<assess::SoilVerdict>& verdicts, Row& row) {
    MJ_TRY(const auto numbers, assess::Parameters::of_edition(context_.standards, "HJ/T 166-2004"));
    MJ_TRY(const int digits, numbers.integer("index_decimals"));
    const auto decimals = static_cast<std::uint8_t>(digits);
    auto worst = assess::SoilRisk::low;
    auto weakest = standards::Verification::verified;
    std::string above;
    std::vector<assess::Exact> indices;
    const assess::SoilVerdict* greatest = &verdicts.front();
    for (const assess::SoilVerdict& verdict : verdicts) {
      worst = std::max(worst, verdict.risk);
      weakest = std::max(weakest, verdict.verification);
      indices.push_back(verdict.index);
      if (assess::Exact::compare(verdict.index, greatest->index).value_or(0) > 0) greatest = &verdict;
      if (verdict.risk == assess::SoilRisk::low) continue;
      const auto multiple = (verdict.index - assess::Exact(Decimal{1, 0})).round(decimals);
      above += fmt::format("{}{}({})", above.empty() ? "" : "+", verdict.item, multiple ? to_text(*multiple) : "");
    }
    if (sheet_) sheet_->finish({kSoilRisk, kSoilSingle, kSoilNemerow}, indices, greatest->index, decimals);
    row.standard = verdicts.front().edition;
    row.verification = weakest;
    row.value = Decimal{static_cast<int>(worst), 0};
    row.grade = sink_.grade(risk_grade(worst));
    row.primary = above;
    MJ_CHECK(sink_.emit(row));
    row.indicator = kSoilSingle;
    row.value = greatest->index.round(decimals);
    row.grade = grade_of("single", year, row);
    row.primary = greatest->item;
    MJ_CHECK(sink_.emit(row));
    const auto index = assess::nemerow(indices);
    if (!index) return {};
    row.indicator = kSoilNemerow;
    row.primary = {};
    row.value = round_gb8170(Decimal{std::llround(*index * 1e9), 9}, decimals);
    row.grade = grade_of("nemerow", year, row);
    return sink_.emit(row);
  }

  std::uint16_t grade_of(std::string_view index, const EvaluationPeriod& year, Row& row) {
    const auto* grade =
        row.value ? assess::soil_grade(context_.standards, judged_at(year), index, *row.value) : nullptr;
    if (grade == nullptr) return 0;
    row.verification = std::max(row.verification, grade->verification);
    return sink_.grade(Grade{std::string(grade->text("grade")),
                             {std::string(grade->text("name_zh")), std::string(grade->text("name_en"))},
                             "",
                             {}});
  }

  const Context& context_;
  const PointValues& values_;
  Sink& sink_;
  std::optional<SoilSheet> sheet_;  ///< while somebody asks how the year is made
};

}  // namespace

Evaluator soil_evaluator() {
  const std::vector<PeriodKind> years{PeriodKind::year};
  Evaluator evaluator;
  evaluator.element = "soil";
  evaluator.title = {"土壤", "Soil"};
  evaluator.indicators = {
      {"risk", {"土壤污染风险", "Risk"}, "", years, Better::low},
      {"nemerow", {"内梅罗指数", "Nemerow index"}, "", years, Better::low},
      {"single", {"最大单项污染指数", "Greatest single index"}, "", years, Better::low},
      {"safe_share", {"未超筛选值点位比例", "Share at most at the screening values"}, "%", years, Better::high},
  };
  evaluator.levels = {Level::point, Level::district, Level::city, Level::province};
  evaluator.periods = years;
  evaluator.unit = PeriodKind::year;
  evaluator.compliance_indicator = "risk";
  evaluator.compliance_period = PeriodKind::year;
  evaluator.compliance_bound = [](const Context&, const Figure&) { return ComplianceBound{Decimal{0, 0}}; };
  evaluator.reads = [](const standards::StandardSet& standards) {
    return Reads{factors_of_tables(standards, {"soil_farm_limits", "soil_construction_limits"}), {}, {}};
  };
  evaluator.judge = [](const Context& context, const PointValues& values, Sink& sink) -> Status {
    SoilYear judge(context, values, sink);
    for (auto year = EvaluationPeriod::of(PeriodKind::year, values.from); year.begin < values.to;
         year = year.next()) {
      if (const auto* view = view_of(*values.point, year)) MJ_CHECK(judge.emit(year, *view));
    }
    return {};
  };
  evaluator.sheet = [](const Context& context, const SheetRequest& request) {
    return element_sheet(
        "soil",
        {{"safe_share", share_of("risk", complies, "GB 15618-2018; GB 36600-2018", std::nullopt, Decimal{0, 0})}},
        context, request);
  };
  evaluator.summarise = [](const Context& context, const Summary& summary, Sink& sink) {
    return emit_rates(context, summary,
                      {kSoilRisk, kSoilSafeShare, PeriodKind::year, {PeriodKind::year}, false, is_zero},
                      kSoilLevels, sink);
  };
  return evaluator;
}

}  // namespace mj::evaluation
