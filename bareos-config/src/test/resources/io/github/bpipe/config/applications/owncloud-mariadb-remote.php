<?php
$CONFIG = array (
  'datadirectory' => 'DATA',
  'dbtype' => 'mysql',
  'version' => '10.15.0.2',
  'dbname' => 'owncloud',
  'dbhost' => 'db.invalid:3307',
  'dbtableprefix' => 'own_',
  'dbuser' => 'owncloud',
  'dbpassword' => 'secret',
);
