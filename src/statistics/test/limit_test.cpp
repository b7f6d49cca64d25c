// exceed_rate by the limits of standards for the elements that are not judged by grade 2 of air or class III of surface water.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mj/statistics/table.hpp"
#include "scene.hpp"

namespace mj::statistics::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kOneHourMs = 3'600'000;

class LimitTest : public testing::Test {
 protected:
  void add_point(const std::string& id, const std::string& element, const std::string& reporter,
                 registry::Attributes more) {
    more.insert({{"name", id}, {"element", element}, {"region", "500103"}, {"reporters", reporter}});
    scene.add("point", id, std::move(more));
  }
  Table ask(const std::string& element, std::vector<std::string> factors) {
    TableQuery query;
    query.selection.element = element;
    query.selection.factors = std::move(factors);
    query.selection.bucket = Bucket::all;
    query.selection.combine = combine;
    query.selection.from = time_of("2026-02-28");
    query.selection.to = time_of("2026-03-02");
    query.now = time_of("2026-03-05");
    query.statistics = {{Statistic::Kind::exceed_count, {}}, {Statistic::Kind::exceed_rate, {}}};
    query.threshold.standard = true;
    query.threshold.grade = grade;
    auto answer = table(scene.sources(), query);
    if (!answer) {
      refused = answer.error().text();
      return {};
    }
    return *std::move(answer);
  }
  static std::vector<std::string> lines(const Table& answer) {
    std::vector<std::string> result;
    for (const TableRow& row : answer.rows) {
      std::string line = answer.subjects[row.subject].id;
      for (const auto& cell : row.cells) line += " " + shown(cell);
      result.push_back(line);
    }
    return result;
  }
  /// "12 judged by GB …": the notes about limits.
  static std::vector<std::string> judged(const Table& answer) {
    std::vector<std::string> result;
    for (const Note& note : answer.notes) {
      if (note.text.en.find("judged") != std::string::npos)
        result.push_back(fmt::format("{} {}", note.count.value_or(0), note.text.en));
    }
    return result;
  }

  Scene scene;
  Combine combine = Combine::pool;
  int grade = 0;
  std::string refused;
};

TEST_F(LimitTest, HoursOfNoiseAreHeldAgainstTheLimitOfTheirPartOfTheDay) {
  add_point("noise-1", "noise", Scene::kFirst, {{"noise_class", "2"}, {"sort", "function_zone"}});
  add_point("noise-2", "noise", Scene::kSecond, {});
  const Instant begin = time_of("2026-02-28");
  // 55 dB all day: within 60 by day, above 50 from 22:00 to 06:00 (GB 3096-2008 table 1, class 2).
  for (int hour = 0; hour < 24; ++hour) {
    for (const char* mn : {Scene::kFirst, Scene::kSecond})
      scene.upload(mn, "23", "2061", begin.plus_ms(hour * kOneHourMs), "L10-Data=58.0;Leq-Data=55.0");
  }
  scene.settle();
  const Table answer = ask("noise", {"Leq"});
  EXPECT_THAT(lines(answer), ElementsAre("noise-1 8 33.33", "noise-2 none none"));
  EXPECT_THAT(judged(answer),
              testing::UnorderedElementsAre(
                  "16 judged by GB 3096-2008 表1、§5 (THIRD_PARTY), class 2 by day, hour by hour",
                  "8 judged by GB 3096-2008 表1、§5 (THIRD_PARTY), class 2 by night, hour by hour",
                  "24 without a limit, not judged: the register does not say the noise class of the point; "
                  "give a threshold"));
  EXPECT_EQ(answer.selection.kind, "Data") << "a noise meter sends no Avg";
  // A level exceeded a tenth of the time has no limit.
  EXPECT_THAT(judged(ask("noise", {"L10"})), testing::Contains(HasSubstr("GB 3096 limits equivalent levels")));
  combine = Combine::mean;
  EXPECT_THAT(judged(ask("noise", {"Leq"})),
              ElementsAre(HasSubstr("no limit for the mean of several points; give a threshold")));
}

TEST_F(LimitTest, LevelsOfDayAndNightHaveTheirOwnLimits) {
  add_point("noise-1", "noise", Scene::kFirst, {{"noise_class", "4a"}});
  scene.upload(Scene::kFirst, "23", "2031", time_of("2026-02-28"), "Ld-DayData=70.0;Ln-NightData=55.1");
  scene.upload(Scene::kFirst, "23", "2031", time_of("2026-03-01"), "Ld-DayData=70.1;Ln-NightData=54.0");
  scene.settle();
  // Class 4a: 70 by day, 55 by night, both inclusive.
  EXPECT_THAT(lines(ask("noise", {"Ld"})), ElementsAre("noise-1 1 50.00"));
  EXPECT_THAT(lines(ask("noise", {"Ln"})), ElementsAre("noise-1 1 50.00"));
}

TEST_F(LimitTest, GroundwaterKeepsTheClassAskedForOrAimedAtOrTheThird) {
  add_point("well-1", "groundwater", Scene::kFirst, {});
  add_point("well-2", "groundwater", Scene::kSecond, {{"target_class", "II"}});
  const Instant begin = time_of("2026-02-28");
  for (const char* mn : {Scene::kFirst, Scene::kSecond}) {
    // Nitrate (GB/T 14848-2017 table 1): I 2.0, II 5.0, III 20.0, IV 30.0. pH: I to III 6.5 to 8.5.
    scene.upload(mn, "24", "2061", begin, "w21007-Avg=5.0,w21007-Flag=N;w01001-Avg=8.5,w01001-Flag=N");
    scene.upload(mn, "24", "2061", begin.plus_ms(kOneHourMs),
                 "w21007-Avg=5.1,w21007-Flag=N;w01001-Avg=6.4,w01001-Flag=N");
  }
  scene.settle();
  const Table answer = ask("groundwater", {"w21007", "w01001"});
  EXPECT_THAT(lines(answer), ElementsAre("well-1 0 0.00 1 50.00", "well-2 1 50.00 1 50.00"));
  EXPECT_THAT(judged(answer), testing::Each(HasSubstr("judged by GB/T 14848-2017 ")));
  grade = 1;
  EXPECT_THAT(lines(ask("groundwater", {"w21007"})), ElementsAre("well-1 2 100.00", "well-2 2 100.00"));
  grade = 4;
  const Table fourth = ask("groundwater", {"w01001"});
  EXPECT_THAT(lines(fourth), ElementsAre("well-1 none none", "well-2 none none")) << "two bands, not one";
  EXPECT_THAT(judged(fourth),
              ElementsAre(HasSubstr("4 without a limit, not judged: the limit of the class is neither")));
  grade = 5;
  static_cast<void>(ask("groundwater", {"w01001"}));
  EXPECT_THAT(refused, HasSubstr("grade: of groundwater must be 1 … 4"));
}

TEST_F(LimitTest, SourcesOfDrinkingWaterKeepTheirTables) {
  add_point("river-1", "drinking_source", Scene::kFirst, {{"sort", "intake"}});
  add_point("well-1", "drinking_source", Scene::kSecond, {{"sort", "well"}});
  for (const char* mn : {Scene::kFirst, Scene::kSecond})
    // Ammonia: GB 3838 class III 1.0, GB/T 14848 class III 0.50. Nitrate: GB 3838 table 2 10, GB/T 14848 20.
    scene.upload(mn, "21", "2061", time_of("2026-02-28"),
                 "w21003-Avg=0.8,w21003-Flag=N;w21007-Avg=12,w21007-Flag=N");
  scene.settle();
  EXPECT_THAT(lines(ask("drinking_source", {"w21003", "w21007"})),
              ElementsAre("river-1 0 0.00 1 100.00", "well-1 1 100.00 0 0.00"));
}

TEST_F(LimitTest, SoilIsJudgedWhereThePhOfTheSampleMakesNoDifference) {
  add_point("soil-1", "soil", Scene::kFirst, {{"land_use", "construction_1"}});
  add_point("soil-2", "soil", Scene::kSecond, {{"land_use", "paddy"}});
  add_point("soil-3", "soil", Scene::kThird, {{"land_use", "forest"}});
  for (const char* mn : {Scene::kFirst, Scene::kSecond, Scene::kThird})
    // Cadmium: GB 36600 class 1 20, GB 15618 by pH. Benzo(a)pyrene: GB 15618 table 2 0.55 for all.
    scene.upload(mn, "25", "2061", time_of("2026-02-28"), "Cd-Avg=20.5,Cd-Flag=N;BaP-Avg=0.56,BaP-Flag=N");
  scene.settle();
  const Table answer = ask("soil", {"Cd", "BaP"});
  EXPECT_THAT(lines(answer),
              ElementsAre("soil-1 1 100.00 none none", "soil-2 none none 1 100.00", "soil-3 none none none none"));
  EXPECT_EQ(answer.columns[0].factor_name.zh, "Cd");
  EXPECT_THAT(judged(answer),
              testing::IsSupersetOf({HasSubstr("screening value of class 1 land"),
                                     HasSubstr("screening value of farm land"),
                                     HasSubstr("depends on the pH of the sample; give a threshold"),
                                     HasSubstr("does not name a land use that has screening values")}));
}

TEST_F(LimitTest, ElementsWithoutALimitForSingleValuesSaySo) {
  add_point("rain-1", "precipitation", Scene::kFirst, {});
  add_point("outlet-1", "source", Scene::kSecond, {});
  add_point("gamma-1", "radiation", Scene::kThird, {});
  for (const char* mn : {Scene::kFirst, Scene::kSecond, Scene::kThird})
    scene.upload(mn, "31", "2061", time_of("2026-02-28"), "w01001-Avg=5.5,w01001-Flag=N");
  scene.settle();
  for (const char* element : {"precipitation", "source", "radiation"}) {
    const Table answer = ask(element, {"w01001"});
    ASSERT_EQ(answer.rows.size(), 1U) << element << ": " << refused;
    EXPECT_EQ(answer.rows[0].cells[1], std::nullopt);
    EXPECT_THAT(
        judged(answer),
        ElementsAre("1 without a limit, not judged: no standard has a limit for single values of it; give a "
                    "threshold"));
  }
  grade = 1;
  static_cast<void>(ask("radiation", {"w01001"}));
  EXPECT_THAT(refused, HasSubstr("grade: limits of radiation have none"));
}

}  // namespace
}  // namespace mj::statistics::test
