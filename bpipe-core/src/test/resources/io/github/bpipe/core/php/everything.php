<?php
declare(strict_types=1);
# one comment
// another ?>
<?php
/* and 'a' third
   with $CONFIG = 1; */
$CONFIG = array (
  'single' => 'it\'s a \\ backslash, not \n, not $x and "fine"',
  "double" => "tab\there \"quoted\" \$notavariable \x41\103\u{20AC} \q \\",
  'utf8' => 'Grüße 😀',
  'bytes' => "\xc3\xa9\xE2\x82\xac",
  'multi
line' => 'a
b',
  'numbers' => [0, 1, -7, 010, 0x1F, 0b101, 1_000],
  'flags' => array(true, FALSE, True, null, NULL,),
  'nested' => array('a' => ['b' => array('c' => 'd')], 5 => 'five', 'six', '8' => 'eight', 'nine'),
  'joined' => 'a' . 'b' . "c" . 12 . 'd' /* in between */ . 'e',
  'here' => __DIR__ . '/data',
  'twice' => 'first',
  'twice' => 'second',
  'empty' => array(), 'none' => [],
  'dollar' => "100$ and $ 5 and a { brace",
  'url' => 'https://cloud.example.org/#top // no comment',
  'close' => '?>',
);
$CONFIG['later'] = 'added';
$CONFIG["single"] = 'replaced';
$other = array('x' => 1);
?>

