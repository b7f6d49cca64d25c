#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mj/hj212/message.hpp"
#include "mj/kernel/result.hpp"

namespace mj::hj212 {

/// A text in Chinese and English.
struct LocalText {
  std::string zh;
  std::string en;
};

enum class Sender : std::uint8_t { host, device };                         ///< 上位机, 现场机
enum class CommandKind : std::uint8_t { request, upload, notice, reply };  ///< 请求 上传 通知 交互

/// How a request of the host goes on after 9011. Source: HJ 212-2017 §6.5, appendix C.
enum class Course : std::uint8_t {
  none,      ///< not a request
  execute,   ///< 9012
  response,  ///< one frame with the same CN and QN, then 9012
  history,   ///< any number of uploads with QN of their own, then 9012 with the request's QN
  notice     ///< 9013 instead of 9011 and 9012
};

/// Type of a value: `C6` up to 6 characters, `N5.2` up to 5 digits before and 2 after the point and a sign, `N14` and
/// `N17` a time, `N` a number whose width the factor decides, `any`. Source: HJ 212-2017 §6.3.3.2.2.
struct ValueType {
  enum class Form : std::uint8_t { characters, number, time, any } form = Form::any;
  int length = 0;  ///< characters, or digits before the point; 0: any
  int decimals = 0;
  /// "C6", "N5.2", "N14", "N17", "N", "any". Errors: none for anything else.
  [[nodiscard]] static std::optional<ValueType> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool accepts(std::string_view value) const;
};

/// A field of a data area 字段 as the table of its command has it.
struct FieldRule {
  /// "RtdInterval"; "*-Rtd": the key Rtd of any factor; "SB*-RS", "i*-Info": of names that begin so; "*-i*": any key of any
  /// factor that begins so. The part before the dash tells which table the name belongs to: `*` factors, `i*` info codes.
  std::string key;
  ValueType type;
  bool required = false;
  bool repeatable = false;          ///< once per factor, or several times (CTime)
  std::optional<double> min, max;   ///< allowed range, unit of the field
  std::vector<std::string> one_of;  ///< allowed values; empty: any
  std::string unit;
  LocalText name;

  /// Whether the rule is about this field; names are compared exactly.
  [[nodiscard]] bool is_about(std::string_view factor, std::string_view field_key) const;
  /// Whether the value has the type, lies in the range and is one of the allowed ones. No allocation.
  [[nodiscard]] bool accepts(std::string_view value) const;
  /// What accepts() asks for, for error texts: "N4, 30 to 3600 s".
  [[nodiscard]] std::string expectation() const;
};

/// A command code in one direction 命令编码.
struct Command {
  std::string cn;
  Sender sender = Sender::host;
  CommandKind kind = CommandKind::request;
  Course course = Course::none;
  Dialect dialect = Dialect::v2017;  ///< the edition whose table this is
  bool surface_water = false;        ///< of the surface-water profile (ST=21)
  std::vector<std::string> systems;  ///< only with these ST; empty: any
  LocalText name;
  std::string clause;        ///< "HJ 212-2017 附录C C.5"
  std::string verification;  ///< VERIFIED, THIRD_PARTY, UNVERIFIED
  bool encrypted = false;    ///< data area in cipher, HJ 212-2025 §6.4
  std::vector<FieldRule> fields;
  std::string
      example;  ///< a data area as the standard prints it, without its misprints; its separators are the rule

  /// The rule of a field of the data area; null when the command does not have it. No allocation.
  [[nodiscard]] const FieldRule* rule(std::string_view factor, std::string_view key) const;
};

/// System code 系统编码, reply code, info code 仪器信息编码, deviation: a word of a table.
struct CodeWord {
  std::string code;
  LocalText name;
  std::string unit;
  std::optional<ValueType> type;                          ///< of info codes, when the table says one
  std::vector<std::pair<std::string, LocalText>> values;  ///< meaning of values: "1" 维护
  std::string element;  ///< of system codes: the element that is measured; or empty
  std::string clause;
  std::string verification;
};

/// What the factor tables say of a code 监测因子编码.
enum class FactorCode : std::uint8_t { unknown, current, old };  ///< old: of HJ/T 212-2005

class CommandIndex;

/// The tables of all editions, immutable 规约表. Cheap to copy.
class Protocol {
 public:
  /// One file of an edition. `text` is TOML ([[command]]) or CSV, by `kind`: "commands", "systems", "request_returns",
  /// "execution_returns", "infos", "deviations", "factors" (columns code and, if there, code_2005), "flags" (column flag).
  /// With the dialect `unknown` factors and flags belong to every edition. What a file is made of: standards/README.md.
  struct Source {
    Dialect dialect = Dialect::v2017;
    bool surface_water = false;
    std::string kind;
    std::string name;  ///< for errors
    std::string text;
  };
  /// No tables: no code is known, and answers follow the classes of codes.
  Protocol();
  /// Errors: invalid_input with file, line and what is wrong (unknown word, repeated command, missing clause …).
  [[nodiscard]] static Result<Protocol> parse(const std::vector<Source>& sources);

  [[nodiscard]] const std::vector<Command>& commands() const;
  /// The rules of a command of these tables by their keys, for a quick look (impl/command_index.hpp).
  [[nodiscard]] const CommandIndex& index_of(const Command& command) const;
  /// The command in the edition named, or null. With `surface_water` that profile's own commands come first, then those of
  /// HJ 212-2017, on which it rests; among several the one for `st`, then the one for any ST. An unknown dialect is read as
  /// 2017. Quick, no allocation.
  [[nodiscard]] const Command* find(std::string_view cn, Sender sender, Dialect dialect, std::string_view st = {},
                                    bool surface_water = false) const;
  /// Whether any edition has the code in that direction.
  [[nodiscard]] bool knows(std::string_view cn, Sender sender) const;
  /// Null when the code is in no table.
  [[nodiscard]] const CodeWord* system(std::string_view st) const;
  /// QnRtn 请求命令返回; the surface-water profile has words of its own.
  [[nodiscard]] const CodeWord* request_return(Dialect dialect, std::string_view code,
                                               bool surface_water = false) const;
  /// ExeRtn 执行结果.
  [[nodiscard]] const CodeWord* execution_return(Dialect dialect, std::string_view code,
                                                 bool surface_water = false) const;
  /// Info code 现场端信息编码 such as i13004; trailing x of the table stand for a digit (i3331x).
  [[nodiscard]] const CodeWord* info(std::string_view code) const;
  [[nodiscard]] const std::vector<CodeWord>& deviations() const;
  /// Whether the code is in a factor table, and of which generation (`e10107` is an `e101xx`). Quick, no allocation.
  [[nodiscard]] FactorCode factor(std::string_view code) const;
  /// Whether the data flag 数据标记 is in a table of the edition or in one of all editions (HJ 75). No allocation.
  [[nodiscard]] bool knows_flag(std::string_view flag, Dialect dialect) const;

  /// SHA-256 of the sources in hexadecimal: what was derived with other tables has another one.
  [[nodiscard]] const std::string& digest() const;

  /// What the gateway has to answer 应答 to a frame of a device: 9014 to uploads and 9013 to notices when the answer bit
  /// is set; never to 9011…9014, whatever their bits. Codes of no table: 2xxx is taken for an upload, 3xxx when it has a
  /// DataTime; others (9021) get none. A frame that begins like a request of a host (`BeginTime=`) is no upload. `area` is
  /// the data area in clear. Quick: a table by number. Source: HJ 212-2017 §6.5, appendix C.
  [[nodiscard]] Answer answer_for(const Header& header, std::string_view area) const;

 private:
  struct Content;
  std::shared_ptr<const Content> content_;
};

}  // namespace mj::hj212
