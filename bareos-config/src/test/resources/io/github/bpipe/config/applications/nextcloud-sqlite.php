<?php
$CONFIG = array (
  'instanceid' => 'oc1',
  'datadirectory' => 'ROOT/data',
  'dbtype' => 'sqlite3',
  'dbname' => 'cloud',
  'version' => '31.0.3.2',
);
