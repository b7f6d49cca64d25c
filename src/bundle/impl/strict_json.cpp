#include "strict_json.hpp"

namespace mj::bundle {
namespace {

using nlohmann::json;

/// Builds the document and stops at the first thing that §1 refuses: the library alone would let the last of two members win.
class StrictReader final : public nlohmann::json_sax<json> {
 public:
  explicit StrictReader(const JsonBounds& bounds) : bounds_(bounds) {}

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value >= (1ULL << 53U)) return refuse("a number is 2^53 or more");
    return put(value);
  }
  bool number_integer(number_integer_t value) override {
    if (!bounds_.negative) return refuse("a number has a sign");
    if (value <= -(1LL << 53U)) return refuse("a number is -2^53 or less");
    return put(value);
  }
  bool number_float(number_float_t, const string_t& digits) override {
    return refuse(fmt::format("{} is no whole number in plain digits", digits.substr(0, 40)));
  }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t&) override { return refuse("binary"); }

  bool start_object(std::size_t) override { return open(json::object()); }
  bool key(string_t& name) override {
    auto [place, added] = open_.back()->get_ref<json::object_t&>().emplace(std::move(name), nullptr);
    if (!added) return refuse(fmt::format("the member \"{}\" stands twice in one object", place->first));
    member_ = &place->second;
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return refuse(fmt::format("it is no JSON at byte {}", position));
  }

  json root;
  std::string error;

 private:
  bool refuse(std::string why) {
    if (error.empty()) error = std::move(why);
    return false;
  }
  /// Where the next value goes.
  json* place() {
    if (open_.empty()) return &root;
    if (open_.back()->is_object()) return member_;
    auto& array = open_.back()->get_ref<json::array_t&>();
    array.emplace_back();
    return &array.back();
  }
  bool put(json value) {
    if (++count_ > bounds_.values) return refuse(fmt::format("it holds more than {} values", bounds_.values));
    *place() = std::move(value);
    return true;
  }
  bool open(json empty) {
    if (open_.size() == bounds_.depth) return refuse(fmt::format("it is nested more than {} deep", bounds_.depth));
    if (++count_ > bounds_.values) return refuse(fmt::format("it holds more than {} values", bounds_.values));
    json* const at = place();
    *at = std::move(empty);
    // An array grows only while its last element is closed, so these pointers stay true.
    open_.push_back(at);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const JsonBounds& bounds_;
  std::vector<json*> open_;
  json* member_ = nullptr;
  std::size_t count_ = 0;
};

}  // namespace

Result<json> parse_strict(std::string_view text, const JsonBounds& bounds) {
  const auto refuse = [](std::string why) { return Error(ErrorCode::invalid_input, std::move(why)); };
  if (text.size() > bounds.bytes) return refuse(fmt::format("it is larger than {} bytes", bounds.bytes));
  if (text.starts_with("\xEF\xBB\xBF")) return refuse("it begins with a byte order mark");
  StrictReader reader(bounds);
  if (!json::sax_parse(text.begin(), text.end(), &reader) || !reader.error.empty())
    return refuse(reader.error.empty() ? "it is no JSON" : reader.error);
  return std::move(reader.root);
}

}  // namespace mj::bundle
