#include <thread>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "document.hpp"
#include "platform.hpp"
#include "sample_bundles.hpp"

namespace mj::bundle::test {
namespace {

using testing::HasSubstr;

/// Twelve hours of an outlet: COD 30.0, 30.1 … 31.1 mg/L.
class ExportTest : public testing::Test {
 protected:
  ExportTest() {
    for (int hour = 0; hour < 12; ++hour) {
      platform.upload(kOutletMn, "32", "2061", fmt::format("20260301{:02}0000", hour),
                      fmt::format("w01018-Avg={}.{},w01018-Flag=N;w01018-Cou={},w01018-Flag=N", 30 + hour / 10,
                                  hour % 10, hour));
    }
    platform.follow();
  }
  static std::string value_id(std::string_view time) {
    return fmt::format("value/{}/32/2061/w01018/Avg/{}", kOutletMn, time);
  }

  SmallPlatform platform;
};

TEST_F(ExportTest, AValueIsProvedByThePacketItCameIn) {
  const auto bundle = platform.prove(value_id("20260301020000"));
  ASSERT_TRUE(bundle) << bundle.error().text();
  const Verdict verdict = verify(*bundle, Trust{});
  EXPECT_TRUE(verdict.ok) << faults(*bundle);
  EXPECT_FALSE(verdict.trusted);
  EXPECT_EQ(verdict.subject, value_id("20260301020000"));
  EXPECT_EQ(verdict.value, "30.2 mg/L");
  const Document document = read_document(*bundle).value();
  ASSERT_EQ(document.entries.size(), 1U);
  EXPECT_EQ(document.entries[0].index, 2U);
}

TEST_F(ExportTest, TheKeysOfTheLogCanBeTrustedFromElsewhere) {
  const std::string bundle = platform.prove(value_id("20260301020000")).value();
  Trust own;
  own.log_keys = platform.log->keyring().newest().keys;
  EXPECT_TRUE(verify(bundle, own).trusted);
  SmallPlatform other;
  own.log_keys = other.log->keyring().newest().keys;
  const Verdict verdict = verify(bundle, own);
  EXPECT_FALSE(verdict.ok);
  EXPECT_EQ(outcome_of(verdict, "keys"), Check::Outcome::failed);
}

TEST_F(ExportTest, ARevisedValueIsProvedByItsNewestPacket) {
  const std::uint64_t entry =
      platform.upload(kOutletMn, "32", "2061", "20260301020000", "w01018-Avg=29.90,w01018-Flag=N");
  platform.follow();
  const std::string bundle = platform.prove(value_id("20260301020000")).value();
  EXPECT_EQ(verify(bundle, Trust{}).value, "29.90 mg/L");
  EXPECT_EQ(read_document(bundle)->entries[0].index, entry);
}

TEST_F(ExportTest, TheUnitOfAnAmountIsNotThatOfAConcentration) {
  const std::string bundle =
      platform.prove(fmt::format("value/{}/32/2061/w01018/Cou/20260301030000", kOutletMn)).value();
  EXPECT_EQ(verify(bundle, Trust{}).value, "3 kg");
}

TEST_F(ExportTest, AMeanIsComputedFromItsPackets) {
  // (30.0 + 30.1 + … + 31.1) / 12 = 366.6 / 12 = 30.55: to one digit, half to even, 30.6.
  const std::string bundle =
      platform.prove(fmt::format("mean/{}/32/2061/w01018/Avg/20260301000000/20260302000000", kOutletMn)).value();
  const Verdict verdict = verify(bundle, Trust{});
  EXPECT_TRUE(verdict.ok) << faults(bundle);
  EXPECT_EQ(verdict.value, "30.6 mg/L");
  EXPECT_EQ(read_document(bundle)->entries.size(), 12U);
}

TEST_F(ExportTest, WhatThereIsNotIsSaid) {
  const auto code = [&](std::string_view figure) { return platform.prove(figure).error().code(); };
  EXPECT_EQ(code(value_id("20260301130000")), ErrorCode::not_found);
  EXPECT_EQ(code(fmt::format("value/{}/31/2061/w01018/Avg/20260301020000", kOutletMn)), ErrorCode::not_found);
  EXPECT_EQ(code(fmt::format("mean/{}/32/2061/w01019/Avg/20260301000000/20260302000000", kOutletMn)),
            ErrorCode::not_found);
  EXPECT_EQ(code("aqi/nowhere/20260301080000"), ErrorCode::not_found);
  EXPECT_EQ(code("aqi/air-1/20260301080000"), ErrorCode::not_found);
  EXPECT_EQ(code("water-class/air-1/20260301080000"), ErrorCode::not_found);
  EXPECT_EQ(code("aqi/outlet-1/20260301080000"), ErrorCode::not_found);
}

TEST_F(ExportTest, AfterARotationTheStatementTravelsAlong) {
  const auto old_keys = platform.log->keyring().newest().keys;
  ASSERT_TRUE(platform.log->rotate_keys("Test", "planned").has_value());
  platform.upload(kOutletMn, "32", "2061", "20260301120000", "w01018-Avg=33.3,w01018-Flag=N");
  platform.follow();
  const std::string bundle = platform.prove(value_id("20260301120000")).value();
  EXPECT_TRUE(verify(bundle, Trust{}).ok) << faults(bundle);
  EXPECT_EQ(read_document(bundle)->entries.size(), 2U);
  Trust trust;
  trust.log_keys = old_keys;
  EXPECT_TRUE(verify(bundle, trust).ok);
  trust.log_keys = platform.log->keyring().newest().keys;
  EXPECT_TRUE(verify(bundle, trust).ok);
}

TEST_F(ExportTest, AStoreThatSaysSomethingElseThanTheEvidenceIsFoundOut) {
  SmallPlatform forged;
  for (int hour = 0; hour < 12; ++hour) {
    forged.upload(kOutletMn, "32", "2061", fmt::format("20260301{:02}0000", hour),
                  fmt::format("w01018-Avg={},w01018-Flag=N", 10 + hour));
  }
  forged.follow();
  const auto prove = [&](std::string_view figure) {
    Sources sources = platform.sources();
    const Sources lying{sources.log,       nullptr,
                        sources.custody,   *forged.store,
                        sources.network,   sources.device_register,
                        sources.standards, sources.state_rules,
                        sources.clock,     sources.version};
    return export_figure(lying, *FigureId::parse(figure));
  };
  const auto value = prove(value_id("20260301020000"));
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().code(), ErrorCode::damaged);
  EXPECT_THAT(value.error().text(), HasSubstr("entry 2"));
  EXPECT_EQ(
      prove(fmt::format("mean/{}/32/2061/w01018/Avg/20260301000000/20260302000000", kOutletMn)).error().code(),
      ErrorCode::damaged);
}

/// The six items of an hour by HJ 633-2026 table 3. SO2 161 µg/m³: 50 + 50·11/350 = 51.57 → 52, the greatest; NO2 in mg/m³.
TEST_F(ExportTest, AnIndexIsDerivedByTheTablesOfItsDay) {
  platform.upload(kAirMn, "22", "2061", "20260301080000",
                  "a34004-Avg=10.4,a34004-Flag=N;a34002-Avg=20,a34002-Flag=N;a21026-Avg=161,a21026-Flag=N;"
                  "a21004-Avg=0.0404,a21004-Flag=N;a21005-Avg=0.84,a21005-Flag=N;a05024-Avg=60,a05024-Flag=N");
  platform.follow();
  const auto bundle = platform.prove("aqi/air-1/20260301080000");
  ASSERT_TRUE(bundle) << bundle.error().text();
  const Verdict verdict = verify(*bundle, Trust{});
  EXPECT_TRUE(verdict.ok) << faults(*bundle);
  EXPECT_EQ(verdict.value, "52");
  const Document document = read_document(*bundle).value();
  EXPECT_EQ(document.tables.size(), 7U);
  EXPECT_EQ(document.tables[0].edition, "HJ 633-2026");
  EXPECT_EQ(document.tables[0].valid_from, "2026-03-01");
  const auto result_of = [&](Op op) {
    for (const Step& step : document.steps) {
      if (step.op == op) return step.result;
    }
    return std::string("none");
  };
  EXPECT_EQ(result_of(Op::grade), "良");
  EXPECT_EQ(result_of(Op::main), "a21026");
  EXPECT_EQ(result_of(Op::scale), "40.4");
}

TEST_F(ExportTest, AnIndexBeforeTheNewStandardIsDerivedByTheOldOne) {
  const std::string values =
      "a34004-Avg=100,a34004-Flag=N;a34002-Avg=20,a34002-Flag=N;a21026-Avg=61,a21026-Flag=N;"
      "a21004-Avg=0.0404,a21004-Flag=N;a21005-Avg=0.84,a21005-Flag=N;a05024-Avg=60,a05024-Flag=N";
  platform.upload(kAirMn, "22", "2061", "20260228230000", values);
  platform.follow();
  const std::string bundle = platform.prove("aqi/air-1/20260228230000").value();
  EXPECT_TRUE(verify(bundle, Trust{}).ok) << faults(bundle);
  const Document document = read_document(bundle).value();
  EXPECT_EQ(document.tables[0].edition, "HJ 633-2012");
  EXPECT_EQ(document.tables[0].valid_to, "2026-02-28");
}

TEST_F(ExportTest, AnHourWithoutAnIndexHasNoBundle) {
  platform.upload(kAirMn, "22", "2061", "20260301090000", "a34004-Avg=10.4,a34004-Flag=N");
  platform.follow();
  const auto bundle = platform.prove("aqi/air-1/20260301090000");
  ASSERT_FALSE(bundle);
  EXPECT_EQ(bundle.error().code(), ErrorCode::invalid_input);
  EXPECT_THAT(bundle.error().text(), HasSubstr("no valid data of"));
}

/// Classes by GB 3838-2002 table 1; the permanganate index of 4.6 mg/L (class III) decides. It came four hours earlier.
TEST_F(ExportTest, AClassRestsOnThePacketsOfItsWindow) {
  platform.upload(kWaterMn, "21", "2061", "20260301040000",
                  "w01019-Avg=4.6,w01019-Flag=N;w21003-Avg=0.10,w21003-Flag=N;w21011-Avg=0.05,w21011-Flag=N");
  platform.upload(kWaterMn, "21", "2061", "20260301080000",
                  "w01001-Avg=7.21,w01001-Flag=N;w01009-Avg=6.8,w01009-Flag=N");
  platform.follow();
  const auto bundle = platform.prove("water-class/water-1/20260301080000");
  ASSERT_TRUE(bundle) << bundle.error().text();
  const Verdict verdict = verify(*bundle, Trust{});
  EXPECT_TRUE(verdict.ok) << faults(*bundle);
  EXPECT_EQ(verdict.value, "3");
  EXPECT_EQ(read_document(*bundle)->entries.size(), 2U);
}

TEST_F(ExportTest, ADeviceIsProvedWithTheStatementsOfItsDays) {
  platform.close_days("2026-03-03T12:00:00+08:00");
  const auto bundle =
      export_device(platform.sources(), kOutletMn, *parse_iso("2026-03-01"), *parse_iso("2026-03-03"));
  ASSERT_TRUE(bundle) << bundle.error().text();
  const Verdict verdict = verify(*bundle, Trust{});
  EXPECT_TRUE(verdict.ok) << faults(*bundle);
  EXPECT_EQ(verdict.subject,
            fmt::format("device {} 2026-03-01T00:00:00+08:00 2026-03-03T00:00:00+08:00", kOutletMn));
  const Document document = read_document(*bundle).value();
  EXPECT_EQ(document.steps.size(), 24U) << "Avg and Cou of twelve hours";
  EXPECT_GE(document.statements.size(), 2U);

  // The same without one packet, everything else computed anew by somebody who owns the log: the statement gives him away.
  Document less = document;
  less.entries.erase(less.entries.begin() + 3);
  std::erase_if(less.steps, [](const Step& step) { return step.entry == 3; });
  std::vector<std::uint64_t> indices;
  for (const PlacedEntry& entry : less.entries) indices.push_back(entry.index);
  const auto size = evidence_format::Checkpoint::parse(ef::Note::parse(less.checkpoint)->text)->size;
  auto proof = platform.log->common_proof(indices, size).value();
  less.sha256 = proof.sha256;
  less.sm3 = proof.sm3;
  const Verdict refused = verify(write_document(less), Trust{});
  EXPECT_EQ(outcome_of(refused, "inclusion"), Check::Outcome::passed);
  EXPECT_EQ(outcome_of(refused, "statements"), Check::Outcome::failed);
}

TEST_F(ExportTest, DaysThatAreNotClosedCannotBeShownToBeComplete) {
  const auto early =
      export_device(platform.sources(), kOutletMn, *parse_iso("2026-03-01"), *parse_iso("2026-03-02"));
  ASSERT_FALSE(early);
  EXPECT_EQ(early.error().code(), ErrorCode::unavailable);
  platform.close_days("2026-03-02T12:00:00+08:00");
  const auto late =
      export_device(platform.sources(), kOutletMn, *parse_iso("2026-03-01"), *parse_iso("2026-03-04"));
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().text(), HasSubstr("2026-03-02T00:00:00+08:00"));
}

TEST_F(ExportTest, PacketsInCipherNeedTheKeyAndItIsNotGivenAwayUnasked) {
  const hj212::Sm4Key key = *hj212::parse_sm4_key("0123456789abcdef");
  std::jthread follower([this](const std::stop_token& stop) {
    while (!stop.stop_requested()) ASSERT_TRUE(platform.settings->consume(*platform.log).has_value());
  });
  ASSERT_TRUE(platform.settings
                  ->add_key(*platform.log, kOutletMn, key, "20260301000000000", {"Test", "exchange"},
                            *parse_iso("2026-03-01T12:30:00+08:00"))
                  .has_value());
  follower = {};
  const std::string area = "DataTime=20260301130000;w01018-Avg=34.5,w01018-Flag=N";
  const std::string segment =
      fmt::format("QN=20260301120000000;ST=32;CN=2061;PW=123456;MN={};Flag=9;CP=&&{}&&", kOutletMn, area);
  // The CRC is that of the segment in clear.
  std::string frame = hj212::frame(segment);
  frame.replace(frame.find(area), area.size(), hj212::encrypt_area(key, area));
  platform.append(kOutletMn, frame, *parse_iso("2026-03-01T13:01:00+08:00"));
  platform.follow();
  const auto refused = platform.prove(value_id("20260301130000"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), ErrorCode::invalid_input);
  EXPECT_THAT(refused.error().text(), HasSubstr("key"));
  const auto bundle = platform.prove(value_id("20260301130000"), true);
  ASSERT_TRUE(bundle) << bundle.error().text();
  EXPECT_TRUE(verify(*bundle, Trust{}).ok) << faults(*bundle);
  EXPECT_EQ(verify(*bundle, Trust{}).value, "34.5 mg/L");
}

TEST_F(ExportTest, TheOldestCheckpointThatWitnessesSignedIsTaken) {
  anchoring::Options options;
  options.quorum = 1;
  options.witnesses.push_back({"http://192.0.2.1:1", witness(1).key()});
  platform.anchors = *anchoring::Anchoring::open(platform.folder.path() / "records", *platform.log, options,
                                                 [] { return *parse_iso("2026-03-05"); });
  const auto anchor = [&] {
    const evidence::SignedCheckpoint checkpoint = platform.log->checkpoint().value();
    ef::Note note = *ef::Note::parse(checkpoint.note);
    note.signatures.push_back(*ef::cosign(witness(1), note.text, 1'772'400'000));
    const nlohmann::ordered_json event = {{"kind", "log.anchor"},
                                          {"version", 1},
                                          {"size", checkpoint.checkpoint.size},
                                          {"note", note.str()},
                                          {"timestamp", nullptr}};
    platform.append("", event.dump(), *parse_iso("2026-03-05"), ef::EntryType::event);
    return checkpoint.checkpoint.size;
  };
  const std::uint64_t first = anchor();
  anchor();
  platform.follow();
  const std::string bundle = platform.prove(value_id("20260301020000")).value();
  const Verdict verdict = verify(bundle, Trust{});
  EXPECT_TRUE(verdict.ok) << faults(bundle);
  EXPECT_EQ(outcome_of(verdict, "witnesses"), Check::Outcome::passed);
  const Document document = read_document(bundle).value();
  EXPECT_EQ(ef::Checkpoint::parse(ef::Note::parse(document.checkpoint)->text)->size, first);
  EXPECT_EQ(document.quorum, 1U);
}

}  // namespace
}  // namespace mj::bundle::test
