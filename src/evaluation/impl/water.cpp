#include "elements.hpp"
#include "water_items.hpp"

namespace mj::evaluation {
namespace {

const std::vector<PeriodKind>& water_periods() {
  static const std::vector<PeriodKind> kPeriods{PeriodKind::month, PeriodKind::quarter, PeriodKind::year};
  return kPeriods;
}

std::vector<Indicator> indicators() {
  const auto& periods = water_periods();
  using enum PeriodKind;
  std::vector<Indicator> all{
      {"class", {"水质类别", "Water class"}, "", {hour, day, month, quarter, year}, Better::low},
      {"exceed",
       {"主要污染指标最大超标倍数", "Greatest exceed multiple of the main pollutants"},
       "",
       {hour, day, month, quarter, year},
       Better::low},
      {"status", {"水质状况", "Status"}, "", periods, Better::none},
      {"tli", {"综合营养状态指数", "Trophic level index"}, "", periods, Better::low},
      {"black_odorous", {"黑臭程度", "Black and odorous"}, "", periods, Better::low},
      {"good_share", {"Ⅰ～Ⅲ类断面比例", "Share of classes I–III"}, "%", periods, Better::high},
      {"bad_share", {"劣Ⅴ类断面比例", "Share worse than class V"}, "%", periods, Better::low},
      {"target_rate",
       {"功能区（考核目标）达标率", "Share of sections at their target"},
       "%",
       periods,
       Better::high},
      {"share_1", {"Ⅰ类断面比例", "Share of class I"}, "%", periods, Better::high},
      {"share_2", {"Ⅱ类断面比例", "Share of class II"}, "%", periods, Better::none},
      {"share_3", {"Ⅲ类断面比例", "Share of class III"}, "%", periods, Better::none},
      {"share_4", {"Ⅳ类断面比例", "Share of class IV"}, "%", periods, Better::none},
      {"share_5", {"Ⅴ类断面比例", "Share of class V"}, "%", periods, Better::none},
      {"share_6", {"劣Ⅴ类断面比例", "Share worse than class V"}, "%", periods, Better::low},
      {"cwqi", {"城市水质指数", "City water quality index"}, "", periods, Better::low},
      {"cwqi_change",
       {"城市水质指数变化程度", "Change of the city water quality index"},
       "%",
       periods,
       Better::low},
  };
  for (const WaterItemTitle& item : water_items()) {
    all.push_back({std::string(item.key),
                   {std::string(item.zh), std::string(item.en)},
                   std::string(item.unit),
                   periods,
                   item.key == "DO" || item.key == "SD" ? Better::high
                   : item.key == "pH"                   ? Better::none
                                                        : Better::low});
  }
  for (const WaterItemTitle& item : water_items()) {
    all.push_back({"mean." + std::string(item.key),
                   {std::string(item.zh) + "（未修约均值）", std::string(item.en) + ", mean before rounding"},
                   std::string(item.unit),
                   periods,
                   Better::none});
  }
  return all;
}

Reads reads(const standards::StandardSet& standards) {
  Reads reads;
  reads.kinds = {"Avg", "Rtd"};
  reads.factors = factors_of_tables(standards, {"trophic_items", "black_odorous"});
  for (const standards::WaterStandard& edition : standards.water_editions()) {
    for (const standards::WaterItem& item : edition.items) {
      if (!item.factor.empty()) reads.factors.push_back(item.factor);
    }
  }
  std::sort(reads.factors.begin(), reads.factors.end());
  reads.factors.erase(std::unique(reads.factors.begin(), reads.factors.end()), reads.factors.end());
  return reads;
}

}  // namespace

Evaluator water_evaluator() {
  Evaluator evaluator;
  evaluator.element = "surface_water";
  evaluator.title = {"地表水", "Surface water"};
  evaluator.indicators = indicators();
  evaluator.levels = {Level::point, Level::district, Level::city, Level::province,
                      Level::river, Level::basin,    Level::lake};
  evaluator.periods = {PeriodKind::day, PeriodKind::month, PeriodKind::quarter, PeriodKind::year};
  evaluator.unit = PeriodKind::month;
  evaluator.reads_year_before = true;
  evaluator.compliance_indicator = "class";
  evaluator.compliance_period = PeriodKind::month;
  evaluator.compliance_bound = [](const Context& context, const Figure& figure) -> std::optional<ComplianceBound> {
    const auto place = context.roster.place(figure.subject);
    const auto* view = place ? view_of(context.roster.points()[*place], figure.period) : nullptr;
    const auto target = view == nullptr ? std::nullopt : assess::parse_class(view->target_class);
    return target ? std::optional(ComplianceBound{Decimal{*target, 0}}) : std::nullopt;
  };
  evaluator.reads = reads;
  evaluator.judge = judge_water;
  evaluator.judge_hour = judge_water_hour;
  evaluator.summarise = summarise_water;
  evaluator.sheet = water_calculation;
  return evaluator;
}

}  // namespace mj::evaluation
