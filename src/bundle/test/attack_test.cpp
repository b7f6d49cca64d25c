#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <nlohmann/json.hpp>

#include <chrono>

#include "arithmetic.hpp"
#include "document.hpp"
#include "imported.hpp"
#include "mj/bundle/verify.hpp"
#include "sample_bundles.hpp"
#include "sample_import.hpp"
#include "strict_json.hpp"

namespace mj::bundle::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;

SampleLog hours() {
  SampleLog log;
  fill_with_hours(log);
  return log;
}

/// The bundle without what it only says and does not prove.
json proved(std::string_view bundle) {
  json value = json::parse(bundle);
  value.erase("made_at");
  value.erase("software");
  value["figure"].erase("unit");
  return value;
}

TEST(Attack, AChangedByteIsFoundOrChangesNothingThatIsProved) {
  const SampleLog log = hours();
  const std::string good = write_document(value_document(log));
  ASSERT_TRUE(verify(good, Trust{}).ok);
  const json meaning = proved(good);
  std::size_t refused = 0;
  std::size_t tried = 0;
  for (std::size_t at = 0; at < good.size(); at += 5) {
    std::string bad = good;
    bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << (at % 8)));
    const Verdict verdict = verify(bad, Trust{});
    ++tried;
    if (!verdict.ok) {
      ++refused;
    } else {
      ASSERT_EQ(proved(bad), meaning) << "byte " << at << ": " << good.substr(at, 20);
    }
  }
  EXPECT_GT(refused, tried * 9 / 10);
}

/// The same of a row of a file: neither the part nor the manifest by which it is read can be changed.
TEST(Attack, AChangedByteOfAnImportedRowIsFound) {
  SampleImport sample;
  sample.append();
  const std::string good = write_document(cell_document(sample, kCellFigure, 2, "pm25", "35"));
  ASSERT_TRUE(verify(good, Trust{}).ok);
  const json meaning = proved(good);
  for (std::size_t at = 0; at < good.size(); at += 37) {
    std::string bad = good;
    bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ (1U << (at % 7)));
    if (verify(bad, Trust{}).ok) ASSERT_EQ(proved(bad), meaning) << "byte " << at << ": " << good.substr(at, 20);
  }
}

/// A part of 20,000 rows under a layout as wide as one may be, asked for two thousand times: only the rows and the column asked for
/// are read.
TEST(Attack, ALayoutOfManyColumnsCostsNoMoreThanItsSteps) {
  SampleImport sample;
  sample.file.clear();
  for (int i = 0; i < 8'000; ++i) sample.file += "1001A,\n";
  sample.layout = import_layout();
  sample.layout.status = {};
  sample.layout.ignored.clear();
  sample.layout.columns = {"code", "time"};
  sample.layout.header_line = 0;
  sample.layout.values.clear();
  for (int i = 0; i < 300; ++i)
    sample.layout.values.push_back({"time", fmt::format("f{}", i), "Avg", "", "", 0, "", fmt::format("w{}", i)});
  sample.layout.factor_column = "code";
  sample.append();
  Document document = cell_document(sample, kCellFigure, 1, "time", "35");
  const auto begin = std::chrono::steady_clock::now();
  ImportedCells cells(document);
  for (std::uint64_t line = 1; line <= 2'000; ++line) EXPECT_FALSE(cells.read(sample.part, line, "time"));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
}

TEST(Attack, AManifestIsNoWayToCrash) {
  for (const std::string& layout :
       {std::string(20'000, '['), R"({"a":)" + std::string(20'000, '{'), std::string("[[[[[[[[1]]]]]]]]"),
        std::string("null"), std::string("{}"), std::string("\"x\"")}) {
    SampleImport sample;
    sample.manifest_spell = [&](std::string& text) {
      text = R"({"kind":"import.file","version":1,"file":"a","bytes":999,"sha256":"","source":"cnemc","layout":)" +
             layout;
    };
    sample.append();
    Document document = cell_document(sample, kCellFigure, 2, "pm25", "35");
    EXPECT_FALSE(ImportedCells(document).read(sample.part, 2, "pm25")) << layout.substr(0, 20);
  }
  SampleImport many;
  many.layout.station.columns.assign(17, "code");
  many.append();
  Document document = cell_document(many, kCellFigure, 2, "pm25", "35");
  const auto refused = ImportedCells(document).read(many.part, 2, "pm25");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("too many"));
}

TEST(Attack, EveryPrefixIsRefused) {
  const std::string good = write_document(value_document(hours()));
  for (std::size_t size = 0; size < good.size(); size += 7)
    ASSERT_EQ(verify(good.substr(0, size), Trust{}).checks.front().outcome, Check::Outcome::failed) << size;
}

TEST(Attack, AnyLeafLeftOutOrExchangedIsFound) {
  SampleLog log = hours();
  const DeviceSample sample = state_device(log);
  const Document good = device_document(log, sample);
  ASSERT_TRUE(verify(write_document(good), Trust{}).ok);
  for (std::size_t i = 0; i < good.entries.size(); ++i) {
    Document without = good;
    without.entries.erase(without.entries.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(verify(write_document(without), Trust{}).ok) << i;
    Document exchanged = good;
    std::swap(exchanged.entries[i].bytes, exchanged.entries[(i + 1) % good.entries.size()].bytes);
    EXPECT_FALSE(verify(write_document(exchanged), Trust{}).ok) << i;
  }
}

TEST(Attack, HostileSizesAreRefusedQuickly) {
  EXPECT_EQ(JsonBounds{}.bytes, 128U * 1024 * 1024) << "docs/formats/bundle.md §1";
  EXPECT_EQ(JsonBounds{}.values, 8'388'608U);
  JsonBounds small;
  small.bytes = 100;
  small.values = 10;
  EXPECT_THAT(parse_strict(std::string(101, ' '), small).error().text(), HasSubstr("100 bytes"));
  EXPECT_THAT(parse_strict("[0,0,[],{},\"\",null,true,0,0,0]", small).error().text(), HasSubstr("10 values"));
  EXPECT_TRUE(parse_strict("[0,0,[],{\"a\":1},null,true,0,0]", small));
  EXPECT_THAT(parse_strict(std::string(1'000'000, '[')).error().text(), HasSubstr("6 deep"));
  EXPECT_FALSE(parse_strict(std::string(1'000'000, '{')));
  EXPECT_TRUE(parse_strict("[[[[[[]]]]]]"));
}

/// One packet of 4,096 fields, asked for a thousand times: looked up, not searched.
TEST(Attack, APacketOfManyFieldsCostsNoMoreThanItsSteps) {
  std::string area = "DataTime=20260301020000;w01018-Avg=32.20";
  for (int i = 0; i < 4094; ++i) area += fmt::format(",f{}=1", i);
  SampleLog log;
  const auto append = [&](const std::string& text) {
    return log.append(
        ef::EntryType::frame, kMn,
        fmt::format("##9999QN=20260301120000000;ST=32;CN=2061;PW=123456;MN={};Flag=5;CP=&&{}&&0000\r\n", kMn,
                    text),
        *parse_iso("2026-03-01T02:01:00+08:00"));
  };
  append(area);
  append(area + ",more=1");
  Document document = value_document(hours());
  document.steps.clear();
  log.fill(document, {0, 1}, 2, log.newest_pair());
  Steps steps{document};
  steps.field(0, "w01018-Avg", 1, "32.20");
  for (int i = 0; i < 8'000; ++i) steps.field(0, fmt::format("f{}", i % 4094), 1, "1");
  EXPECT_TRUE(verify(write_document(document), Trust{}).ok);
  steps.field(1, "w01018-Avg", 1, "32.20");
  const Verdict verdict = verify(write_document(document), Trust{});
  EXPECT_THAT(verdict.checks[10].text, HasSubstr("step 8001")) << "4,097 fields are no packet";
}

TEST(Arithmetic, AMeanOfAnyDecimalsIsTheExactOneRoundedOnce) {
  EXPECT_TRUE(rc::check("against sums in 128 bits", [] {
    const auto mantissas = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(-1'000'000, 1'000'000)));
    const auto decimals = *rc::gen::inRange<unsigned>(0, 6);
    std::vector<Decimal> values;
    __extension__ using Wide = __int128;
    Wide sum = 0;
    for (const std::int64_t mantissa : mantissas) {
      values.push_back({mantissa, 3});
      sum += mantissa;
    }
    // |sum / (n · 1000) · 10^d|, half to even, on magnitudes.
    Wide power = 1;
    for (unsigned i = 0; i < decimals; ++i) power *= 10;
    const Wide numerator = (sum < 0 ? -sum : sum) * power;
    const Wide denominator = static_cast<Wide>(values.size()) * 1000;
    Wide quotient = numerator / denominator;
    const Wide twice = numerator % denominator * 2;
    if (twice > denominator || (twice == denominator && quotient % 2 == 1)) ++quotient;
    const auto result = mean(values, decimals);
    RC_ASSERT(result.has_value());
    RC_ASSERT(result->mantissa == static_cast<std::int64_t>(sum < 0 ? -quotient : quotient));
  }));
}

/// Ranks are found by sorting here, and by selection there.
TEST(Arithmetic, APercentileIsTheOneOfTheSortedValues) {
  EXPECT_TRUE(rc::check("against sorted values in 128 bits", [] {
    auto values = *rc::gen::nonEmpty(
        rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(-100'000, 100'000)));
    const auto percent = *rc::gen::inRange<std::int64_t>(1, 100);
    std::vector<Decimal> decimals;
    for (const std::int64_t value : values) decimals.push_back({value, 2});
    std::sort(values.begin(), values.end());
    const auto rank = static_cast<std::int64_t>(values.size() - 1) * percent;  // in hundredths
    const auto low = static_cast<std::size_t>(rank / 100);
    const std::int64_t part = rank % 100;
    const std::int64_t next = part == 0 ? values[low] : values[low + 1];
    const std::int64_t exact = values[low] * 100 + (next - values[low]) * part;  // of four decimals
    const auto result = percentile(decimals, {percent, 2}, 4);
    RC_ASSERT(result.has_value());
    RC_ASSERT(result->mantissa == exact);
  }));
}

TEST(Arithmetic, ALevelOfEqualLevelsIsTheLevel) {
  EXPECT_TRUE(rc::check("whatever their number", [] {
    const Decimal level{*rc::gen::inRange<std::int64_t>(-20'000, 20'000), 2};
    const std::vector<Decimal> levels(*rc::gen::inRange<std::size_t>(1, 30), level);
    const auto result = mean_level(levels, 1);
    RC_ASSERT(result.has_value());
    const Decimal rounded = round_gb8170(level, 1);
    RC_ASSERT(compare(*result, rounded) == 0);
  }));
}

TEST(Trust, ReadsItsFile) {
  const SigningPair pair(1);
  const std::string text = fmt::format(
      "# trust\n\nlog {}\nlog {}\nwitness {}\nwitness {}\nquorum 1\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END "
      "CERTIFICATE-----\n",
      pair.ed25519.key().text(), pair.sm2.key().text(), witness(1).key().text(), witness(2).key().text());
  const auto trust = Trust::parse(text);
  ASSERT_TRUE(trust) << trust.error().text();
  EXPECT_EQ(trust->log_keys.size(), 2U);
  ASSERT_TRUE(trust->policy.has_value());
  EXPECT_EQ(trust->policy->witnesses.size(), 2U);
  EXPECT_EQ(trust->policy->quorum, 1U);
  EXPECT_EQ(trust->timestamp_pem, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  EXPECT_EQ(Trust::parse(fmt::format("witness {}", witness(1).key().text()))->policy->quorum, 1U)
      << "without a quorum: all";
  EXPECT_FALSE(Trust::parse("")->policy.has_value());
}

TEST(Trust, RefusesWhatItDoesNotUnderstand) {
  const SigningPair pair(1);
  const std::string log = "log " + pair.ed25519.key().text();
  const std::string seen = "witness " + witness(1).key().text();
  for (const std::string& bad :
       {std::string("key x"), std::string("log x"), log + "\n" + log, seen + "\n" + seen,
        "witness " + pair.ed25519.key().text(), "log " + witness(1).key().text(), std::string("quorum 1"),
        seen + "\nquorum 2", seen + "\nquorum -1", seen + "\nquorum 1\nquorum 1",
        std::string("-----BEGIN CERTIFICATE-----\nAAAA\n")}) {
    EXPECT_FALSE(Trust::parse(bad)) << bad;
  }
}

TEST(Figure, HasOneSpelling) {
  for (const char* name :
       {"value/A1/32/2061/w01018/Avg/20260301020000", "value/A1/32/2011/w01018/Rtd/20260301020000123",
        "mean/A1/32/2061/w01018/Avg/20260301000000/20260302000000", "aqi/air-1/20260301080000",
        "water-class/river-1/20260301080000", "value/cnemc%2F1001A/22/2061/a34004/Avg/20260312000000",
        "result/air/day/%E4%B8%80%20%25/AQI/20260312000000/20260313000000"}) {
    const auto id = FigureId::parse(name);
    ASSERT_TRUE(id) << name << ": " << id.error().text();
    EXPECT_EQ(id->text(), name);
  }
  for (const char* bad :
       {"", "value", "aqi//20260301080000", "aqi/a b/20260301080000", "aqi/a/2026030108000",
        "aqi/a/20260301080000000", "aqi/a/20260301240000", "aqi/a/20260301080000/x",
        "mean/A1/32/2061/w01018/Avg/20260302000000/20260302000000", "value/A1/32/2061/w01018/20260301020000",
        "value/cnemc/1001A/22/2061/a34004/Avg/20260312000000", "aqi/%41/20260301080000", "aqi/%2f/20260301080000",
        "aqi/%/20260301080000", "aqi/%FF/20260301080000", "aqi/一/20260301080000",
        "result/air/day/a/AQI/20260312000000"}) {
    EXPECT_FALSE(FigureId::parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace mj::bundle::test
