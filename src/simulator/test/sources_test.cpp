#include "mj/simulator/sources.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <set>

#include "aggregate.hpp"
#include "source_model.hpp"
#include "test_server.hpp"

namespace mj::simulator {
namespace {

using testing::Arrived;
using testing::TestServer;

const std::filesystem::path kFleet = std::filesystem::path(MJ_SOURCE_DIR) / "demo" / "fleet.toml";

const Source& source(const Fleet& fleet, std::string_view id) {
  return *std::find_if(fleet.sources.begin(), fleet.sources.end(),
                       [&](const Source& each) { return each.id == id; });
}

/// Runs the demonstration's sources for some simulated minutes as fast as they go.
std::vector<Arrived> played(std::int64_t minutes, std::uint64_t seed, SourcesReport* report = nullptr) {
  TestServer server;
  SourcesOptions options;
  options.target = server.target();
  options.fleet_file = kFleet;
  options.seed = seed;
  options.speed = 1e6;
  options.start = *parse_iso("2026-03-02 09:58:00");
  options.until = options.start->plus_ms(minutes * 60'000);
  options.backfill_hours = 1;
  options.answers.timeout_ms = 200;  // the unregistered device is answered here too
  const auto result = run_sources(options, {});
  EXPECT_TRUE(result) << result.error().text();
  if (report != nullptr && result) *report = *result;
  return server.arrived();
}

using Values = std::map<std::string, std::string>;  // "a21026-Rtd" → text

Values values_of(const Arrived& frame) {
  Values values;
  std::vector<hj212::Field> fields;
  hj212::read_fields(*frame.header().cp, fields);
  for (const auto& field : fields) {
    values[field.factor.empty() ? std::string(field.key) : fmt::format("{}-{}", field.factor, field.key)] =
        field.value;
  }
  return values;
}

TEST(Sources, every_frame_decodes_and_fits_the_standard) {
  SourcesReport report;
  const auto arrived = played(4, 1, &report);
  std::set<std::string> commands;
  std::set<hj212::Dialect> dialects;
  for (const Arrived& each : arrived) {
    const auto reading = hj212::read_header(each.segment);
    ASSERT_TRUE(reading.error.empty()) << each.segment;
    commands.insert(std::string(*reading.header.cn));
    dialects.insert(hj212::dialect_of(reading.header));
    EXPECT_LE(each.segment.size(), 1024U) << "HJ 212-2017 §6.3.1: the longest data segment";
    EXPECT_LE(reading.header.cp->size(), 950U) << "HJ 212-2017 table 3: the longest CP";
    // Only the sinter plant's device sends the other CRC (fleet.toml).
    EXPECT_EQ(each.crc,
              reading.header.mn == "500000003100000000000006" ? hj212::CrcMatch::modbus : hj212::CrcMatch::hj);
  }
  EXPECT_EQ(commands, (std::set<std::string>{"2011", "2051", "2061", "2081"}));
  EXPECT_EQ(dialects, (std::set{hj212::Dialect::v2005, hj212::Dialect::v2017, hj212::Dialect::v2025}));
  EXPECT_EQ(report.traffic.given_up, 0U);
  EXPECT_EQ(report.traffic.answered + report.traffic.unanswerable, report.traffic.sent);
  EXPECT_GE(report.episodes, 6U) << "several exceedance episodes begin within four minutes";
}

TEST(Sources, equal_seeds_give_equal_data_and_another_seed_gives_other_data) {
  const auto areas = [](const std::vector<Arrived>& arrived) {
    std::multiset<std::string> result;
    for (const Arrived& each : arrived) result.insert(fmt::format("{} {}", *each.header().mn, *each.header().cp));
    return result;
  };
  const auto first = areas(played(2, 5));
  EXPECT_EQ(first, areas(played(2, 5)));
  EXPECT_NE(first, areas(played(2, 6)));
}

// Independent computation: the mean in long double over the texts that were sent, not the model's integers.
TEST(Sources, a_minute_record_is_the_statistics_of_the_real_time_values_sent) {
  const auto arrived = played(4, 3);
  std::map<std::string, std::map<std::string, std::vector<Values>>> minutes;  // MN → minute → readings
  std::size_t checked = 0;
  for (const Arrived& each : arrived) {
    if (each.header().cn != "2011") continue;
    const Values values = values_of(each);
    minutes[std::string(*each.header().mn)][values.at("DataTime").substr(0, 12)].push_back(values);
  }
  for (const Arrived& each : arrived) {
    if (each.header().cn != "2051") continue;
    const Values record = values_of(each);
    const auto& readings = minutes[std::string(*each.header().mn)][record.at("DataTime").substr(0, 12)];
    if (readings.size() != 12) continue;  // before the live start, or the slow unregistered device
    const bool all_normal = std::all_of(readings.begin(), readings.end(), [](const Values& values) {
      return std::all_of(values.begin(), values.end(),
                         [](const auto& item) { return !item.first.ends_with("-Flag") || item.second == "N"; });
    });
    if (!all_normal) continue;
    for (const auto& [name, text] : record) {
      const std::size_t dash = name.find("-Avg");
      const bool converted = name.find("-ZsAvg") != std::string::npos;
      if (dash == std::string::npos && !converted) continue;
      const std::string factor = name.substr(0, name.find('-'));
      const std::string prefix = converted ? "Zs" : "";
      long double sum = 0;
      double low = 1e300;
      double high = -1e300;
      for (const Values& values : readings) {
        const double value = to_double(*parse_decimal(values.at(factor + "-" + prefix + "Rtd")));
        sum += value;
        low = std::min(low, value);
        high = std::max(high, value);
      }
      const Decimal average = *parse_decimal(text);
      const double half_digit = 0.5 * std::pow(10.0, -average.decimals);
      EXPECT_NEAR(to_double(average), static_cast<double>(sum / 12), half_digit + 1e-9) << name;
      EXPECT_DOUBLE_EQ(to_double(*parse_decimal(record.at(factor + "-" + prefix + "Min"))), low);
      EXPECT_DOUBLE_EQ(to_double(*parse_decimal(record.at(factor + "-" + prefix + "Max"))), high);
      EXPECT_EQ(record.at(factor + "-Flag"), "N");
      ++checked;
    }
    for (const auto& [pollutant, flow] : {std::pair{"a21026", "a00000"}, std::pair{"w01018", "w00000"}}) {
      const auto cou = record.find(std::string(pollutant) + "-Cou");
      if (cou == record.end()) continue;
      long double kilograms = 0;  // mg/m³ · m³/s or mg/L · L/s, five seconds each
      for (const Values& values : readings) {
        kilograms +=
            static_cast<long double>(to_double(*parse_decimal(values.at(std::string(pollutant) + "-Rtd")))) *
            to_double(*parse_decimal(values.at(std::string(flow) + "-Rtd"))) * 5 / 1e6L;
      }
      EXPECT_NEAR(to_double(*parse_decimal(cou->second)), static_cast<double>(kilograms), 0.0005 + 1e-9);
      ++checked;
    }
  }
  EXPECT_GT(checked, 200U);
}

TEST(Sources, an_hour_record_covers_the_hour_that_ended_and_history_is_marked_as_resent_in_2025) {
  const auto arrived = played(4, 1);
  std::size_t hours = 0;
  std::size_t levels = 0;
  std::size_t marked = 0;
  for (const Arrived& each : arrived) {
    const auto header = each.header();
    if (header.rf) {
      ++marked;
      EXPECT_EQ(hj212::dialect_of(header), hj212::Dialect::v2025);
      EXPECT_NE(header.cn, "2011");
    }
    if (header.cn != "2061") continue;
    ++hours;
    const auto values = values_of(each);
    EXPECT_EQ(values.at("DataTime"), "20260302090000");  // began 08:58, passed 10:00
    if (header.st == "23") levels += values.contains("Leq-Data") && !values.contains("LA-Avg") ? 1 : 0;
  }
  EXPECT_EQ(hours, 15U);
  EXPECT_EQ(levels, 1U) << "the meter's record is of the form of table C.27";
  EXPECT_GT(marked, 0U);
}

TEST(Sources, an_episode_rises_over_its_limit_and_comes_back) {
  const auto fleet = Fleet::load(kFleet);
  ASSERT_TRUE(fleet) << fleet.error().text();
  const Source& plant = source(*fleet, "src-sewage-1");
  const Instant start = *parse_iso("2026-03-02 10:00:00");
  SourceModel model(plant, 1, start, start);
  std::size_t crossings = 0;
  bool over = false;
  std::int64_t first_over_s = -1;
  for (int i = 0; i < 720; ++i) {  // one hour
    const Reading& reading = model.step();
    const bool now_over = to_double(reading.values[1]) > 50;  // COD, GB 18918-2002 class 1A
    if (now_over != over) ++crossings;
    if (now_over && first_over_s < 0) first_over_s = reading.at.ms_since(start) / 1000;
    over = now_over;
  }
  EXPECT_GE(crossings, 12U);
  EXPECT_LE(first_over_s, 60) << "an alarm has cause within a minute";
  EXPECT_GE(model.episodes(), 6U);
}

TEST(Sources, a_stopped_source_has_flag_F_and_its_record_too) {
  const auto fleet = Fleet::load(kFleet);
  ASSERT_TRUE(fleet);
  const Source& boiler = source(*fleet, "src-boiler-1");  // runs 6…22 h
  const Instant night = *parse_iso("2026-03-02 23:00:00");
  SourceModel model(boiler, 1, night, night);
  Aggregate hour(boiler, boiler.realtime_s);
  for (int i = 0; i < 720; ++i) {
    const Reading& reading = model.step();
    EXPECT_EQ(reading.flag, 'F');
    hour.add(reading);
  }
  const std::string cp = hour.cp(night);
  EXPECT_NE(cp.find("02-Flag=F"), std::string::npos) << cp;
  EXPECT_NE(cp.find("B02-Cou=0.00"), std::string::npos) << cp;
}

// HJ 212-2017, notes to tables C.16 to C.18.
TEST(Aggregates, flue_gas_needs_three_quarters_normal_and_water_all) {
  const auto fleet = Fleet::load(kFleet);
  ASSERT_TRUE(fleet);
  const auto flag_of = [&](std::string_view id, int normal, int stopped) {
    const Source& plant = source(*fleet, id);
    Aggregate aggregate(plant, 5);
    Reading reading;
    reading.values.assign(plant.signals.size(), Decimal{100, 2});
    reading.converted.resize(plant.signals.size());
    for (int i = 0; i < normal + stopped; ++i) {
      reading.flag = i < normal ? 'N' : 'F';
      aggregate.add(reading);
    }
    const std::string cp = aggregate.cp(Instant::from_ms(0));
    return cp.back();
  };
  EXPECT_EQ(flag_of("src-power-1", 9, 3), 'N');
  EXPECT_EQ(flag_of("src-power-1", 8, 4), 'D');
  EXPECT_EQ(flag_of("src-power-1", 0, 12), 'F');
  EXPECT_EQ(flag_of("src-sewage-1", 12, 0), 'N');
  EXPECT_EQ(flag_of("src-sewage-1", 11, 1), 'D');
}

// GB 13271-2014 §5.2 formula (1); expected value by hand: 35.00 · (21 − 6) / (21 − 7.5) = 38.888…
TEST(Conversion, concentration_is_converted_to_reference_oxygen) {
  EXPECT_EQ(convert_to_reference({3500, 2}, {75, 1}, 6), (Decimal{3889, 2}));
  EXPECT_EQ(convert_to_reference({3500, 2}, {600, 2}, 6), (Decimal{3500, 2}));
  EXPECT_FALSE(convert_to_reference({3500, 2}, {2100, 2}, 6));
  EXPECT_FALSE(convert_to_reference({3500, 2}, {2150, 2}, 6));
}

// GB/T 8170-2008 §3.2.
TEST(Conversion, halves_go_to_the_even_digit) {
  EXPECT_EQ(divide_half_even(5, 2), 2);
  EXPECT_EQ(divide_half_even(7, 2), 4);
  EXPECT_EQ(divide_half_even(-5, 2), -2);
  EXPECT_EQ(divide_half_even(-7, 2), -4);
  EXPECT_EQ(divide_half_even(8, 3), 3);
}

}  // namespace
}  // namespace mj::simulator
