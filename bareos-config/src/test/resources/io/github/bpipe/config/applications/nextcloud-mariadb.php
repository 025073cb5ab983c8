<?php
$CONFIG = array (
  'instanceid' => 'oc9x8y7z6w5v',
  'passwordsalt' => 'A+salt/with\'quotes',
  'secret' => 'another//secret # no comment',
  'trusted_domains' =>
  array (
    0 => 'cloud.example.org',
    1 => '192.0.2.7',
  ),
  'datadirectory' => 'ROOT/data',
  'dbtype' => 'mysql',
  'version' => '31.0.3.2',
  'overwrite.cli.url' => 'https://cloud.example.org',
  'dbname' => 'nextcloud_init',
  'dbhost' => 'localhost:MARIADB',
  'dbport' => '',
  'dbtableprefix' => 'oc_',
  'mysql.utf8mb4' => true,
  'dbuser' => 'oc_admin',
  'dbpassword' => 'pa$$\'word',
  'installed' => true,
  'maintenance' => false,
  'apps_paths' => array(
    array('path' => OC::$SERVERROOT . '/apps', 'url' => '/apps', 'writable' => false),
    array('path' => OC::$SERVERROOT . '/custom_apps', 'url' => '/custom_apps', 'writable' => true),
    array('path' => '/etc', 'url' => '/etc', 'writable' => true),
  ),
);
