#include "mj/alarm/limit.hpp"

#include <gtest/gtest.h>

#include "scene.hpp"

namespace mj::alarm {
namespace {

const std::string kGood = R"([[limit]]
id = "tp"
points = ["src-1"]
factor = "w21011"
unit = "mg/L"
kinds = ["Avg"]
periods = ["hour"]
upper = "0.5"
hysteresis = "5%"
sentinels = ["9999.99"]
severity = "serious"
source = { zh = "条款", en = "clause" }
verification = "VERIFIED"
valid_from = "2026-01-01"
valid_to = "2026-12-31"
)";

std::string with(std::string from, const std::string& to) {
  std::string text = kGood;
  const std::size_t found = text.find(from);
  EXPECT_NE(found, std::string::npos) << from;
  return text.replace(found, from.size(), to);
}

std::string failure(const std::string& text) {
  const auto set = LimitSet::parse(text, "l.toml");
  return set ? "" : set.error().text();
}

TEST(LimitSet, ReadsEveryField) {
  const auto set = LimitSet::parse(kGood, "l.toml");
  ASSERT_TRUE(set) << set.error().text();
  const Limit& limit = set->limits().at(0);
  EXPECT_EQ(limit.severity, Severity::serious);
  EXPECT_EQ(limit.clear_upper, (Decimal{475, 3}));  // 0.5 − 5 %
  EXPECT_EQ(limit.validity.to, parse_iso("2027-01-01"));
  EXPECT_EQ(limit.source.en, "clause");
  EXPECT_EQ(limit.sentinels.size(), 1U);
  registry::Point point;
  point.id = "src-1";
  const Instant in_force = parse_iso("2026-06-01").value();
  EXPECT_EQ(set->applying(point, "w21011", "Avg", telemetry::Period::hour, in_force).size(), 1U);
  EXPECT_TRUE(set->applying(point, "w21011", "Rtd", telemetry::Period::hour, in_force).empty());
  EXPECT_TRUE(set->applying(point, "w21011", "Avg", telemetry::Period::day, in_force).empty());
  EXPECT_TRUE(
      set->applying(point, "w21011", "Avg", telemetry::Period::hour, parse_iso("2027-01-01").value()).empty());
  point.id = "src-9";
  EXPECT_TRUE(set->applying(point, "w21011", "Avg", telemetry::Period::hour, in_force).empty());
}

TEST(LimitSet, NamesFileLineAndLimitOfWhatIsWrong) {
  EXPECT_NE(failure(with("upper = \"0.5\"", "upper = 0.5"))
                .find("l.toml:8: limit tp: upper: must be a decimal number written as text"),
            std::string::npos);
  EXPECT_NE(failure(with("severity = \"serious\"", "severity = \"severe\"")).find("l.toml:11"), std::string::npos);
  EXPECT_NE(failure(with("hysteresis", "histeresis")).find("histeresis: no such key"), std::string::npos);
  EXPECT_NE(failure(with("points = [\"src-1\"]\n", "")).find("names points, devices or an element"),
            std::string::npos);
  EXPECT_NE(failure(with("\"hour\"", "\"week\"")).find("\"week\""), std::string::npos);
  EXPECT_NE(failure(with("valid_from = \"2026-01-01\"", "valid_from = \"1 May\"")).find("valid_from"),
            std::string::npos);
  EXPECT_NE(failure(with("upper = \"0.5\"", "lower = \"0.49\"\nupper = \"0.5\"")).find("wider than the distance"),
            std::string::npos);
  EXPECT_NE(failure(with("hysteresis = \"5%\"", "clear_below = \"0.6\"")).find("must not be above upper"),
            std::string::npos);
  EXPECT_NE(failure(kGood + kGood).find("there is another limit tp"), std::string::npos);
  EXPECT_NE(failure("[[limit]\n").find("l.toml:1"), std::string::npos);
}

TEST(LimitSet, ShippedLimitsFitTheShippedStandardsAndTheDemonstration) {
  auto limits = LimitSet::load(MJ_SOURCE_DIR "/rules/limits");
  ASSERT_TRUE(limits) << limits.error().text();
  EXPECT_GT(limits->limits().size(), 20U);
  const std::filesystem::path network_file = MJ_SOURCE_DIR "/demo/network.toml";
  if (!std::filesystem::exists(network_file)) GTEST_SKIP() << "no demonstration here";
  const auto network = registry::Network::load(network_file);
  ASSERT_TRUE(network) << network.error().text();
  for (const Limit& limit : limits->limits()) {
    EXPECT_NE(shipped_standards().factor(limit.factor), nullptr) << limit.id;
    for (const std::string& point : limit.points)
      EXPECT_NE(network->find(point), nullptr) << limit.id << " " << point;
  }
  const ScratchDirectory directory;
  const auto book = AlarmBook::open(directory.path(), *network, plain_register(), *limits, shipped_standards());
  EXPECT_TRUE(book) << book.error().text();
}

TEST(LimitSet, DigestDependsOnEveryByte) {
  EXPECT_NE(LimitSet::parse(kGood, "l.toml")->digest(), LimitSet::parse(with("0.5", "0.6"), "l.toml")->digest());
  EXPECT_EQ(LimitSet::load("/nonexistent").error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace mj::alarm
