#pragma once

#include "corpus_cases.hpp"

namespace mj::bundle::test {

inline void Corpus::bad_form() {
  malformed("bad-empty", [](std::string& t) { t.clear(); });
  malformed("bad-not-json", [](std::string& t) { t = "evidence"; });
  malformed("bad-truncated", [](std::string& t) { t.resize(t.size() - 1); });
  malformed("bad-more-behind", [](std::string& t) { t += "{}"; });
  malformed("bad-byte-order-mark", [](std::string& t) { t.insert(0, "\xEF\xBB\xBF"); });
  malformed("bad-not-utf8", [](std::string& t) { replace(t, "0.1.0-test", "0.1.0-\xFF"); });
  malformed("bad-half-surrogate", [](std::string& t) { replace(t, "0.1.0-test", "0.1.0-\\ud800"); });
  malformed("bad-duplicate-member",
            [](std::string& t) { replace(t, R"("version":1)", R"("version":1,"version":1)"); });
  malformed("bad-duplicate-member-escaped",
            [](std::string& t) { replace(t, R"("version":1)", R"("version":1,"\u0076ersion":1)"); });
  malformed("bad-duplicate-member-inside",
            [](std::string& t) { replace(t, R"("unit":"mg/L")", R"("unit":"mg/L","unit":"g/L")"); });
  malformed("bad-number-fraction", [](std::string& t) { replace(t, R"("version":1)", R"("version":1.0)"); });
  malformed("bad-number-exponent", [](std::string& t) { replace(t, R"("version":1)", R"("version":1e0)"); });
  malformed("bad-number-minus-zero", [](std::string& t) { replace(t, R"("step":0)", R"("step":-0)"); });
  malformed("bad-number-leading-zero", [](std::string& t) { replace(t, R"("step":0)", R"("step":00)"); });
  malformed("bad-number-huge", [](std::string& t) { replace(t, R"("step":0)", R"("step":9007199254740992)"); });
  malformed("bad-number-endless",
            [](std::string& t) { replace(t, R"("step":0)", R"("step":)" + std::string(400, '9')); });
  malformed("bad-comment", [](std::string& t) { replace(t, R"("version":1)", R"("version":1/* one */)"); });
  malformed("bad-trailing-comma", [](std::string& t) { replace(t, R"("version":1})", R"("version":1,})"); });
  malformed("bad-nested-deep",
            [](std::string& t) { replace(t, R"("statements":[])", R"("statements":[[[[[[[]]]]]]])"); });
  malformed("bad-nested-endless", [](std::string& t) {
    replace(t, R"("statements":[])", R"("statements":)" + std::string(20000, '[') + std::string(20000, ']'));
  });
  malformed("bad-control-character", [](std::string& t) { replace(t, "0.1.0-test", "0.1.0\ttest"); });
}

inline void Corpus::bad_numbers_and_members() {
  malformed_json("bad-unknown-member", [](Json& j) { j["note"] = "unchecked"; });
  malformed_json("bad-unknown-member-in-step", [](Json& j) { j["steps"][0]["unit"] = "mg/L"; });
  malformed_json("bad-unknown-member-in-figure", [](Json& j) { j["figure"]["grade"] = "good"; });
  malformed_json("bad-missing-member", [](Json& j) { j.erase("timestamp"); });
  malformed_json("bad-other-format", [](Json& j) { j["format"] = "other"; });
  malformed_json("bad-version-2", [](Json& j) { j["version"] = 2; });
  malformed_json("bad-version-text", [](Json& j) { j["version"] = "1"; });
  malformed_json("bad-made-at-zone", [](Json& j) { j["made_at"] = "2026-03-02T02:00:00Z"; });
  malformed_json("bad-made-at-no-day", [](Json& j) { j["made_at"] = "2026-02-30T10:00:00+08:00"; });
  malformed_json("bad-made-at-zero-milliseconds", [](Json& j) { j["made_at"] = "2026-03-02T10:00:00.000+08:00"; });
  malformed_json("bad-subject-kind", [](Json& j) { j["subject"]["kind"] = "station"; });
  malformed_json("bad-figure-name", [](Json& j) { j["subject"]["figure"] = "value/only/three"; });
  malformed_json("bad-figure-name-time", [](Json& j) {
    j["subject"]["figure"] = fmt::format("value/{}/32/2061/w01018/Avg/20260230020000", kMn);
  });
  malformed_json("bad-figure-name-blank", [](Json& j) {
    j["subject"]["figure"] = fmt::format("value/{}/32/2061/w 01018/Avg/20260301020000", kMn);
  });
  malformed_json("bad-figure-missing", [](Json& j) { j["figure"] = nullptr; });
  malformed_json("bad-figure-step-beyond", [](Json& j) { j["figure"]["step"] = 1; });
  malformed_json("bad-no-entries", [](Json& j) { j["entries"] = Json::array(); });
  malformed_json("bad-entry-twice", [](Json& j) { j["entries"].push_back(j["entries"][0]); });
  malformed_json("bad-entry-base64", [](Json& j) { j["entries"][0][1] = "AQ=="; });
  malformed_json("bad-entry-base64-not-canonical", [](Json& j) {
    auto text = j["entries"][0][1].get<std::string>();
    // Bits under the padding: another spelling of the same bytes.
    while (text.size() % 4 != 0 || !text.ends_with('=')) text = to_base64(Bytes(1, std::byte{1}));
    text[text.find('=') - 1] = static_cast<char>(text[text.find('=') - 1] + 1);
    j["entries"][0][1] = text;
  });
  malformed_json("bad-entry-version", [](Json& j) {
    Bytes bytes = *from_base64(j["entries"][0][1].get<std::string>());
    bytes[0] = std::byte{2};
    j["entries"][0][1] = to_base64(bytes);
  });
  malformed_json("bad-entry-type", [](Json& j) {
    Bytes bytes = *from_base64(j["entries"][0][1].get<std::string>());
    bytes[1] = std::byte{200};
    j["entries"][0][1] = to_base64(bytes);
  });
  malformed_json("bad-proof-hash-short", [](Json& j) { j["proof"]["sha256"][0][2] = to_base64(Bytes(31)); });
  malformed_json("bad-proof-level", [](Json& j) { j["proof"]["sha256"][0][0] = 64; });
  malformed_json("bad-step-op", [](Json& j) { j["steps"][0]["op"] = "guess"; });
  malformed_json("bad-step-entry-elsewhere", [](Json& j) { j["steps"][0]["entry"] = 5; });
  malformed_json("bad-step-result-number", [](Json& j) { j["steps"][0]["result"] = 32; });
  malformed_json("bad-step-key", [](Json& j) { j["steps"][0]["key"] = "00112233445566778899AABBCCDDEEFF"; });
  malformed_json("bad-step-two-keys", [](Json& j) {
    j["steps"].push_back(j["steps"][0]);
    j["steps"][1]["key"] = "00112233445566778899aabbccddeeff";
  });
  malformed_json("bad-step-itself", [](Json& j) {
    j["steps"].push_back({{"op", "round"}, {"input", 1}, {"decimals", 1}, {"result", "32.2"}});
  });
  malformed_json("bad-step-later", [](Json& j) {
    j["steps"].push_back({{"op", "max"}, {"inputs", {0, 2}}, {"result", "32.20"}});
    j["steps"].push_back({{"op", "max"}, {"inputs", {0}}, {"result", "32.20"}});
  });
  malformed_json("bad-step-no-inputs", [](Json& j) {
    j["steps"].push_back({{"op", "mean"}, {"inputs", Json::array()}, {"decimals", 1}, {"result", "32.2"}});
  });
  malformed_json("bad-step-decimals", [](Json& j) {
    j["steps"].push_back({{"op", "round"}, {"input", 0}, {"decimals", 19}, {"result", "32.20"}});
  });
  malformed_json("bad-step-by", [](Json& j) {
    j["steps"].push_back({{"op", "scale"}, {"input", 0}, {"by", "1e3"}, {"result", "32200"}});
  });
  malformed_json("bad-step-table-missing", [](Json& j) {
    j["steps"].push_back({{"op", "grade"}, {"input", 0}, {"table", 0}, {"result", "x"}});
  });
  malformed_json("bad-policy-quorum", [](Json& j) { j["policy"]["quorum"] = "2"; });
  malformed_json("bad-policy-many", [](Json& j) {
    for (int i = 0; i < 65; ++i) j["policy"]["witnesses"].push_back("w");
  });
  malformed_json("bad-statement-elsewhere", [](Json& j) { j["statements"] = {7}; });
  malformed_json("bad-statement-order", [](Json& j) { j["statements"] = {4, 4}; });
  malformed_json("bad-timestamp-base64", [](Json& j) { j["timestamp"] = "!!!!"; });
  malformed_json("bad-keyring-long", [](Json& j) { j["keyring"] = std::string((1U << 20U) + 1, 'x'); });

  const auto table = [&](std::string name, const Edit& edit) {
    Json json = Json::parse(write_document(aqi()));
    edit(json["tables"][0]);
    add(std::move(name), json.dump(), kAllChecks, {});
  };
  table("bad-table-rows-descend", [](Json& t) { std::swap(t["rows"][0], t["rows"][1]); });
  table("bad-table-row-number", [](Json& t) { t["rows"][0][0] = 0; });
  table("bad-table-one-row", [](Json& t) { t["rows"].erase(1), t["rows"].erase(1), t["rows"].erase(1); });
  table("bad-table-rounding", [](Json& t) { t["rounding"] = "down"; });
  table("bad-table-verification", [](Json& t) { t["verification"] = "certain"; });
  table("bad-table-day", [](Json& t) { t["valid_from"] = "2026-3-1"; });
  table("bad-table-kind", [](Json& t) { t["kind"] = "grades"; });
  table("bad-table-member", [](Json& t) { t["better"] = "lower"; });
  changed("bad-table-id-twice", aqi(), kAllChecks, {}, [](Document& d) { d.tables[1].id = d.tables[0].id; });
  changed("bad-main-of-max", aqi(), kAllChecks, {}, [](Document& d) { d.steps.back().inputs = {d.value_step}; });
  changed("bad-device-with-table", device(), kAllChecks, {}, [](Document& d) { d.tables = aqi().tables; });
  changed("bad-device-with-round", device(), kAllChecks, {},
          [](Document& d) { Steps{d}.of(Op::round, {0}, "30", 0, {}, 0); });
  changed("bad-device-time", device(), kAllChecks, {}, [](Document& d) { d.to = d.from; });
  changed("bad-device-blank", device(), kAllChecks, {}, [](Document& d) { d.device = "A 1"; });
}

}  // namespace mj::bundle::test
