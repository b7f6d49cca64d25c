// The operations of calculation sheets: replayed by an interpreter of their own, they give what is stored.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>

#include "scene.hpp"

namespace mj::evaluation::test {
namespace {

using Rational = boost::multiprecision::cpp_rational;
using Integer = boost::multiprecision::cpp_int;
using Real = boost::multiprecision::cpp_dec_float_100;

Integer tens(unsigned exponent) { return boost::multiprecision::pow(Integer(10), exponent); }

Rational number_of(Decimal value) { return Rational(Integer(value.mantissa), tens(value.decimals)); }
Rational number_of(const std::string& text) { return number_of(parse_decimal(text).value()); }

Integer floor_of(const Rational& value) {
  const Integer above = boost::multiprecision::numerator(value);
  const Integer below = boost::multiprecision::denominator(value);
  const Integer quotient = above / below;
  return above < 0 && quotient * below != above ? Integer(quotient - 1) : quotient;
}

/// Half to even, GB/T 8170-2008 §3.
Rational half_even(const Rational& value, unsigned decimals) {
  const Rational scaled = value * Rational(tens(decimals));
  Integer whole = floor_of(scaled);
  const Rational rest = scaled - Rational(whole);
  if (rest > Rational(1, 2) || (rest == Rational(1, 2) && whole % 2 != 0)) whole += 1;
  return Rational(whole, tens(decimals));
}

Real real_of(const Rational& value) {
  return Real(boost::multiprecision::numerator(value)) / Real(boost::multiprecision::denominator(value));
}

Rational rounded_real(const Real& value, unsigned decimals) {
  const Real scaled = value * Real(tens(decimals));
  return Rational(Integer(boost::multiprecision::round(scaled)), tens(decimals));
}

/// Written from docs/formats/bundle.md alone: none of the arithmetic of the platform is used.
class Replay {
 public:
  explicit Replay(const Sheet& sheet) : sheet_(sheet) {
    for (const SheetOperation& operation : sheet.operations) results_.push_back(run(operation));
  }
  [[nodiscard]] Rational of(const SheetOperand& operand) const {
    if (operand.computed) return results_.at(operand.place);
    const SheetInput& input = sheet_.inputs.at(operand.place);
    return number_of(input.value ? input.value->number : input.figure.value());
  }

 private:
  Rational run(const SheetOperation& operation) const {
    std::vector<Rational> of_all;
    for (const SheetOperand& operand : operation.operands) of_all.push_back(of(operand));
    Rational sum = 0;
    Rational product = 1;
    for (const Rational& each : of_all) {
      sum += each;
      product *= each;
    }
    const SheetTable* table = operation.table ? &sheet_.tables.at(*operation.table) : nullptr;
    switch (operation.op) {
      case SheetOp::below: return of_all[0] * number_of(*table->rows[0].low);
      case SheetOp::scale: return of_all[0] * number_of(operation.number);
      case SheetOp::round: return half_even(of_all[0], operation.decimals);
      case SheetOp::mean: return half_even(sum / Rational(of_all.size()), operation.decimals);
      case SheetOp::sum: return half_even(sum, operation.decimals);
      case SheetOp::difference: return half_even(of_all[0] - of_all[1], operation.decimals);
      case SheetOp::product: return half_even(product, operation.decimals);
      case SheetOp::ratio: return half_even(of_all[0] / of_all[1], operation.decimals);
      case SheetOp::percentile: return percentile(of_all, number_of(operation.number), operation.decimals);
      case SheetOp::count:
        return Rational(std::count_if(of_all.begin(), of_all.end(),
                                      [&](const Rational& each) { return each <= number_of(operation.number); }));
      case SheetOp::max: {
        Rational most = *std::max_element(of_all.begin(), of_all.end());
        return operation.number.empty() ? most : std::max(most, number_of(operation.number));
      }
      case SheetOp::min: return *std::min_element(of_all.begin(), of_all.end());
      case SheetOp::level: {
        Real energy = 0;
        for (const Rational& each : of_all) energy += boost::multiprecision::pow(Real(10), real_of(each) / 10);
        return rounded_real(10 * boost::multiprecision::log10(energy / Real(of_all.size())), operation.decimals);
      }
      case SheetOp::ln: return rounded_real(boost::multiprecision::log(real_of(of_all[0])), operation.decimals);
      case SheetOp::lg: return rounded_real(boost::multiprecision::log10(real_of(of_all[0])), operation.decimals);
      case SheetOp::limit: return number_of(*table->rows[0].low);
      case SheetOp::interpolate: return interpolate(*table, of_all[0]);
      case SheetOp::classify: return classify(*table, of_all[0]);
    }
    return 0;
  }

  static Rational percentile(std::vector<Rational> values, const Rational& by, unsigned decimals) {
    std::sort(values.begin(), values.end());
    const Rational k = Rational(1) + Rational(values.size() - 1) * by;
    const auto s = floor_of(k).convert_to<std::size_t>();
    const Rational low = values.at(s - 1);
    const Rational next = s < values.size() ? values.at(s) : low;
    return half_even(low + (next - low) * (k - Rational(s)), decimals);
  }

  static Rational interpolate(const SheetTable& table, const Rational& value) {
    std::size_t next = 0;
    while (next < table.rows.size() && number_of(*table.rows[next].low) <= value) ++next;
    const Rational low = number_of(table.rows.at(next - 1).text);
    if (next == table.rows.size()) return low;
    const Rational from = number_of(*table.rows[next - 1].low);
    const Rational to = number_of(*table.rows[next].low);
    const Rational index = (number_of(table.rows[next].text) - low) / (to - from) * (value - from) + low;
    const Integer whole = floor_of(index);
    return Rational(whole) == index ? index : Rational(whole + 1);
  }

  static Rational classify(const SheetTable& table, const Rational& value) {
    for (const SheetTable::Row& row : table.rows) {
      const Rational limit = number_of(*row.low);
      const bool kept = table.better == SheetTable::Better::lower ? value <= limit
                        : table.better == SheetTable::Better::higher
                            ? value >= limit
                            : value >= limit && value <= number_of(*row.high);
      if (kept) return number_of(row.text);
    }
    return number_of(table.rows.back().text) + 1;
  }

  const Sheet& sheet_;
  std::vector<Rational> results_;
};

/// What happened to the stored figures of an element.
struct Replayed {
  std::map<std::string, int> proved;                            ///< by "indicator period level"
  std::map<std::string, std::pair<int, std::string>> unproved;  ///< and the reason
  std::string wrong;
};

/// `stride`: every so manieth figure, from `first` on.
Replayed replay_all(Engine& engine, const std::string& element, std::size_t stride = 1, std::size_t first = 0) {
  Replayed all;
  FigureQuery query;
  query.element = element;
  const auto sheets = engine.sheets(element).value();
  const std::vector<Figure> figures = engine.results().figures(query).value();
  for (std::size_t i = first % stride; i < figures.size(); i += stride) {
    const Figure& figure = figures[i];
    if (!figure.value) continue;
    const std::string sort =
        fmt::format("{} {} {}", figure.indicator, name(figure.period.kind), name(figure.level));
    const auto sheet = sheets->sheet(figure.level, figure.subject, figure.indicator, figure.period);
    if (!sheet) {
      all.unproved[sort] = {all.unproved[sort].first + 1, sheet.error().text()};
      continue;
    }
    if (!sheet->result) {
      all.unproved[sort] = {all.unproved[sort].first + 1,
                            fmt::format("{} {}: {}", figure.subject, figure.period.label(), sheet->unproved.en)};
      if (sheet->unproved.en.empty() || sheet->unproved.zh.empty()) all.wrong += sort + ": no reason\n";
      continue;
    }
    ++all.proved[sort];
    const Rational result = Replay(*sheet).of(*sheet->result);
    if (result != number_of(*figure.value))
      all.wrong += fmt::format("{} of {} {}: stored {}, replayed {}\n", sort, figure.subject,
                               figure.period.label(), to_text(*figure.value), real_of(result).str(20));
    for (const SheetStep& step : sheet->steps) {
      if (step.operation && *step.operation >= sheet->operations.size())
        all.wrong += sort + ": no such operation\n";
    }
  }
  return all;
}

std::string written(const Replayed& all) {
  std::string text = all.wrong;
  for (const auto& [sort, why] : all.unproved) text += fmt::format("{} × {}: {}\n", why.first, sort, why.second);
  return text;
}

/// Stations of two cities with hours of three months and holes, in one edition of the standards.
void fill_air(Scene& scene, const std::vector<std::uint16_t>& seeds, std::string_view from, int hours) {
  for (std::size_t point = 0; point < 4; ++point) {
    std::uint32_t state = seeds[point % seeds.size()] + static_cast<std::uint32_t>(point) * 977U;
    const auto next = [&](std::uint32_t below) {
      state = state * 1'664'525U + 1'013'904'223U;
      return (state >> 8U) % below;
    };
    for (int hour = 0; hour < hours; ++hour) {
      if (next(12) == 0) continue;
      scene.upload(fmt::format("MN-{}", static_cast<char>('a' + point)), "22", "2061",
                   time(from).plus_ms(hour * 3'600'000LL),
                   fmt::format("a34004-Avg={},a34004-Flag={};a34002-Avg={}.{},a34002-Flag=N;a21026-Avg={},"
                               "a21026-Flag=N;a21004-Avg={},a21004-Flag=N;a21005-Avg={}.{:03},a21005-Flag=N;"
                               "a05024-Avg={},a05024-Flag=N",
                               next(120), next(20) == 0 ? "D" : "N", next(200), next(10), next(30), next(90),
                               next(3), next(1000), next(260)));
    }
  }
}

std::vector<registry::PointView> stations() {
  return {point_view("a", "air"), point_view("b", "air"), point_view("c", "air", "510100", "510104"),
          point_view("d", "air", "510100", "510104")};
}

RC_GTEST_PROP(DerivationProperty, TheOperationsOfAirGiveWhatIsStored, ()) {
  Scene scene(stations());
  const auto seeds = *rc::gen::resize(4, rc::gen::nonEmpty<std::vector<std::uint16_t>>());
  fill_air(scene, seeds, "2025-01-30", 24 * 3);
  scene.evaluate();
  const Replayed all = replay_all(scene.engine(), "air", 5, seeds.front());
  if (!all.wrong.empty() || !all.unproved.empty()) RC_FAIL(written(all));
  RC_ASSERT(!all.proved.empty());
}

TEST(Derivation, EveryFigureOfAirFollowsFromItsInputs) {
  Scene scene(stations());
  fill_air(scene, {4711, 99}, "2025-01-29", 24 * 5);
  scene.evaluate();
  const Replayed all = replay_all(scene.engine(), "air");
  EXPECT_EQ(written(all), "");
  for (const char* sort : {"aqi day city", "o3 day point", "composite year city", "good_rate month district",
                           "pm25_percentile year point", "heavy_days quarter point", "co month city"})
    EXPECT_TRUE(all.proved.contains(sort)) << sort;
}

/// Sections of two rivers and a lake of two points: automatic ones with hours, others sampled by hand.
std::vector<registry::PointView> sections() {
  std::vector<registry::PointView> points;
  for (const char* id : {"w1", "w2", "l1", "l2", "h1"}) {
    points.push_back(point_view(id, "surface_water", id[1] < '3' ? "500000" : "510100", "500109"));
    points.back().river = id[1] < '3' ? "r-1" : "r-2";
    if (*id == 'l') {
      points.back().lake = true;
      points.back().lake_id = "lake";
      points.back().river.clear();
    }
    if (std::string_view(id) != "w1") points.back().attributes["method"] = "manual";
    points.back().target_class = id[1] == '1' ? "III" : "II";
  }
  return points;
}

class WaterFiller {
 public:
  WaterFiller(Scene& scene, std::uint32_t seed) : scene_(scene), state_(seed) {}
  void automatic(std::string_view point, std::string_view from, int days) {
    for (int hour = 0; hour < days * 24; hour += 4) {
      if (next(15) == 0) continue;
      put(point, "2061", "Avg", time(from).plus_ms(hour * 3'600'000LL), {});
    }
  }
  void by_hand(std::string_view point, std::string_view day) {
    put(point, "2011", "Rtd", time(day),
        fmt::format(";w01016-Rtd={},w01016-Flag=N;SD-Rtd=0.{},SD-Flag=N", 1 + next(40), 1 + next(9)));
  }

 private:
  std::uint32_t next(std::uint32_t below) {
    state_ = state_ * 1'664'525U + 1'013'904'223U;
    return (state_ >> 8U) % below;
  }
  void put(std::string_view point, std::string_view cn, std::string_view kind, Instant at,
           const std::string& more) {
    scene_.upload(
        fmt::format("MN-{}", point), "21", cn, at,
        fmt::format("w01001-{0}={1}.{2:02},w01001-Flag=N;w01009-{0}={3}.{4},w01009-Flag=N;w01019-{0}={5}.{6},"
                    "w01019-Flag=N;w21003-{0}={7}.{8:03}{9},w21003-Flag=N;w21011-{0}=0.{10:03},w21011-Flag=N;"
                    "w21001-{0}={11}.{12},w21001-Flag=N{13}",
                    kind, 6 + next(3), next(100), 4 + next(5), next(10), 1 + next(9), next(10), next(2),
                    1 + next(900), next(6) == 0 ? "L" : "", 1 + next(300), next(3), 1 + next(9), more));
  }
  Scene& scene_;
  std::uint32_t state_;
};

Replayed water_replayed(std::uint16_t seed, std::size_t stride) {
  Scene scene(sections());
  WaterFiller filler(scene, seed);
  filler.automatic("w1", "2025-04-03", 20);
  for (const char* point : {"w2", "l1", "l2", "h1"}) {
    for (const char* day : {"2025-04-03", "2025-05-05", "2026-04-03"}) filler.by_hand(point, day);
  }
  scene.evaluate(RunKind::new_values, "surface_water");
  Replayed all = replay_all(scene.engine(), "surface_water", stride, seed);
  std::erase_if(all.unproved, [](const auto& each) {
    return each.first.starts_with("black_odorous") ||
           each.second.second.find("too few values") != std::string::npos;
  });
  return all;
}

RC_GTEST_PROP(DerivationProperty, TheOperationsOfSurfaceWaterGiveWhatIsStored, ()) {
  const Replayed all = water_replayed(*rc::gen::arbitrary<std::uint16_t>(), 16);
  if (!all.wrong.empty() || !all.unproved.empty()) RC_FAIL(written(all));
}

TEST(Derivation, EveryFigureOfSurfaceWaterFollowsFromItsInputs) {
  const Replayed all = water_replayed(4711, 1);
  EXPECT_EQ(written(all), "");
  for (const char* sort :
       {"class day point", "class month point", "exceed month point", "mean.TP month point", "pH month point",
        "class quarter point", "tli month lake", "mean.TN quarter lake", "good_share month city",
        "target_rate month district", "cwqi month city", "cwqi_change month city"}) {
    EXPECT_TRUE(all.proved.contains(sort)) << sort;
  }
}

TEST(Derivation, TheOperationsOfNoiseAndRadiationGiveWhatIsStored) {
  auto zone = point_view("n", "noise");
  zone.noise_class = "2";
  zone.sort = "area";
  Scene scene({zone, point_view("r", "radiation")});
  for (int hour = 6; hour < 78; ++hour) {
    scene.upload("MN-n", "23", "2061", time("2026-03-01").plus_ms(hour * 3'600'000LL),
                 fmt::format("Leq-Avg={}.{},Leq-Flag=N", 45 + hour * 7 % 23, hour % 10));
    scene.upload("MN-r", "21", "2061", time("2026-03-01").plus_ms(hour * 3'600'000LL),
                 fmt::format("dose-Avg={}.{},dose-Flag=N", 80 + hour % 13, hour % 7));
  }
  scene.evaluate(RunKind::new_values, "noise");
  scene.evaluate(RunKind::new_values, "radiation");
  const Replayed noise = replay_all(scene.engine(), "noise");
  EXPECT_EQ(noise.wrong, "");
  for (const char* sort : {"ld day point", "ln day point", "ldn day point", "leq day point", "ld_over day point",
                           "ld month point", "ln year point", "ld_rate month city", "regional_day month city"})
    EXPECT_TRUE(noise.proved.contains(sort)) << sort << "\n" << written(noise);
  const Replayed radiation = replay_all(scene.engine(), "radiation");
  EXPECT_EQ(radiation.wrong, "");
  EXPECT_TRUE(radiation.proved.contains("gamma day point")) << written(radiation);
}

// A quarter of two editions is judged by that of its last day, whose limits were not in force on its first days.
TEST(Derivation, APeriodOfTwoEditionsIsProvedByTheLaterOne) {
  Scene scene(stations());
  fill_air(scene, {7}, "2026-02-20", 24 * 16);
  scene.evaluate();
  const auto sheet_of = [&](PeriodKind kind, std::string_view label) {
    return scene.engine().sheet("air", "500000", "composite", *EvaluationPeriod::parse(kind, label));
  };
  const auto quarter = sheet_of(PeriodKind::quarter, "2026-Q1");
  ASSERT_TRUE(quarter) << quarter.error().text();
  EXPECT_EQ(quarter->prove, "result/air/city/500000/composite/20260101000000/20260401000000");
  EXPECT_EQ(quarter->unproved.en, "");
  const auto month = sheet_of(PeriodKind::month, "2026-03");
  ASSERT_TRUE(month) << month.error().text();
  EXPECT_EQ(month->prove, "result/air/city/500000/composite/20260301000000/20260401000000");
  EXPECT_EQ(month->unproved.en, "");
  ASSERT_FALSE(month->inputs.empty());
  EXPECT_EQ(month->inputs.front().level, Level::city);
}

}  // namespace
}  // namespace mj::evaluation::test
